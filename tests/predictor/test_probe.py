"""The untrained network in NumPy is torch's: weights to the bit, spikes alike, gradients within 1e-4."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.neurons import NEURONS, WITH_ALPHA
from spikecast.predictor.probe import Probe, ProbeRecordings, balanced, probe
from spikecast.predictor.probe.initial_weights import TorchDraws, initial_weights
from spikecast.predictor.probe.membrane_steps import constants, membrane_steps
from spikecast.snn import SpikingNetwork, loss_function, repeatable_torch
from spikecast.surrogates import SURROGATES

SMALL = {"architecture": "4C3-5C3-MP2-4C5-FC20-FC10", "input_size": 9, "timesteps": 3, "threshold": 0.2}
#: Nearer to its threshold than this a membrane may fall on either side of it: sums are rounded in another order.
ROUNDING = 1e-5
MODULE: Any = import_module("spikecast.predictor.probe._probe")


def recordings(choices: TrainingChoices, seed: int = 0, samples: int = 3) -> ProbeRecordings:
    random = np.random.default_rng(seed)
    size = choices.input_size
    frames = random.random((samples, choices.timesteps, 2, size, size)) < 0.2
    labels = random.integers(0, choices.dataset_info.classes, samples)
    return ProbeRecordings(frames.astype(np.uint8), labels.astype(np.uint8))


@dataclass
class Seen:
    """A probe, gradients of its weights by layer, and how near a membrane came to its threshold."""

    probe: Probe
    gradients: list[NDArray[np.float32]]
    margin: float


def seen(choices: TrainingChoices, shown: ProbeRecordings) -> Seen:
    gradients: list[NDArray[np.float32]] = []
    margins: list[float] = []
    summarize = MODULE._layer

    def look(choices: TrainingChoices, layer: Any, gradient: NDArray[np.float32]) -> Any:
        gradients.insert(0, gradient)
        margins.append(float(np.abs(layer._membranes - np.float32(choices.threshold)).min()))
        return summarize(choices, layer, gradient)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MODULE, "_layer", look)
        MODULE._probe.cache_clear()
        result = probe(choices, shown)
        MODULE._probe.cache_clear()
    return Seen(result, gradients, min(margins))


def require_equal_to_torch(choices: TrainingChoices) -> None:
    """On the first recordings that bring no membrane so near to the threshold that rounding decides."""
    for seed in range(50):
        shown = recordings(choices, seed)
        ours = seen(choices, shown)
        if ours.margin > ROUNDING:
            break
    else:
        pytest.fail("every recording brought a membrane to its threshold")
    with repeatable_torch(choices.seed):
        network = SpikingNetwork(choices).train()
        records, leaving = zip(*network._layer_by_layer(torch.tensor(shown.frames)), strict=True)
        loss = loss_function(choices)(leaving[-1], torch.tensor(shown.labels).long())
        loss = loss + choices.activity_penalty * torch.stack([record.spikes.mean() for record in records]).mean()
        loss.backward()
    assert ours.probe.loss == pytest.approx(loss.item(), rel=1e-5)
    assert ours.probe.output_rate == leaving[-1].double().mean().item()
    for layer, gradient, module, record, behind in zip(
        ours.probe.layers, ours.gradients, cast(Any, network.layers), records, leaving, strict=True
    ):
        assert layer.rate_in == record.inputs.double().mean().item()
        assert layer.rate == record.spikes.double().mean().item()
        assert layer.rate_out == behind.double().mean().item()
        assert layer.silent_share == 1 - (record.spikes > 0).any(0).any(0).double().mean().item()
        weight = _drawn(module.synapse)
        theirs = cast(torch.Tensor, weight.grad).numpy()
        np.testing.assert_allclose(gradient, theirs, rtol=0, atol=1e-4 * np.abs(theirs).max())
        size = np.sqrt(np.square(theirs.astype(float)).mean())
        assert layer.gradient_rms == pytest.approx(size, rel=1e-4)
        assert layer.gradient_relative == pytest.approx(size / weight.square().mean().sqrt().item(), rel=1e-4)
        assert layer.gradient_nonzero == pytest.approx(np.count_nonzero(theirs) / theirs.size, abs=1e-2)


def _drawn(synapse: Any) -> torch.nn.Parameter:
    quantized = hasattr(synapse, "parametrizations")
    return synapse.parametrizations.weight.original if quantized else synapse.weight  # type: ignore[no-any-return]


def of_neuron(neuron: str) -> dict[str, Any]:
    return {"neuron": neuron, **({"threshold": 0.05} if neuron == "alpha" else {})}


@pytest.mark.parametrize("seed", [0, 1, 12345, 2**31 - 1])
def test_draws_are_torchs(seed: int) -> None:
    with repeatable_torch(seed):
        draws = TorchDraws(seed)
        for size in (1, 3, 15, 16, 17, 1000, 1_000_003):
            theirs = torch.empty(size).uniform_(-0.7, 0.3).numpy()
            fused = torch.backends.cpu.get_cpu_capability() != "DEFAULT"
            np.testing.assert_allclose(draws.uniform((size,), -0.7, 0.3), theirs, rtol=0, atol=0 if fused else 1e-7)


@pytest.mark.parametrize("weight_bits", [4, 8, 32])
@pytest.mark.parametrize("neuron", NEURONS)
def test_weights_are_torchs(neuron: str, weight_bits: int) -> None:
    choices = TrainingChoices(architecture="csnn-s", neuron=neuron, weight_bits=weight_bits, seed=3)
    with repeatable_torch(choices.seed):
        network = SpikingNetwork(choices)
    fused = torch.backends.cpu.get_cpu_capability() != "DEFAULT"
    for ours, layer in zip(initial_weights(choices, TorchDraws(choices.seed)), cast(Any, network.layers), strict=True):
        for synapses, module in zip(ours, (layer.synapse, getattr(layer.neuron, "recurrent", None)), strict=True):
            assert (synapses is None) == (module is None)
            if synapses is not None:
                pairs = [(synapses.drawn, _drawn(module)), (synapses.used, module.weight)]
                if module.bias is not None:
                    pairs.append((synapses.bias, module.bias))
                for mine, theirs in pairs:
                    limit = 0 if fused else 1e-7
                    np.testing.assert_allclose(mine, theirs.detach().numpy(), rtol=0, atol=limit)


@pytest.mark.parametrize("reset", ["subtract", "zero"])
@pytest.mark.parametrize("neuron", NEURONS)
@pytest.mark.parametrize("surrogate", SURROGATES)
def test_spikes_and_gradients_are_torchs(surrogate: str, neuron: str, reset: str) -> None:
    require_equal_to_torch(TrainingChoices(**(SMALL | of_neuron(neuron)), surrogate=surrogate, reset=reset))


@pytest.mark.parametrize(
    "other",
    [
        {"weight_bits": 4},
        {"weight_bits": 8, "neuron": "rleaky"},
        {"loss": "ce_count"},
        {"loss": "ce_count", "architecture": "6C3-MP2-FC30"},
        {"activity_penalty": 3.0},
        {"seed": 7},
        {"threshold": 50.0},
        {"architecture": "FC30-FC10"},
        {"dataset": "digits-saccade", "timesteps": 1},
    ],
    ids=str,
)
def test_other_choices_are_torchs(other: dict[str, Any]) -> None:
    require_equal_to_torch(TrainingChoices(**(SMALL | other)))


@settings(max_examples=20)
@given(st.data())
def test_any_structure_is_torchs(data: st.DataObject) -> None:
    parts: list[str] = []
    for _ in range(data.draw(st.integers(0, 2))):
        parts.append(f"{data.draw(st.integers(1, 5))}C{data.draw(st.sampled_from((1, 3, 5, 7)))}")
        if data.draw(st.booleans()):
            parts.append(f"MP{data.draw(st.integers(2, 3))}")
    parts.append(f"FC{10 * data.draw(st.integers(1, 3))}")
    neuron = data.draw(st.sampled_from(NEURONS))
    require_equal_to_torch(
        TrainingChoices(
            **(SMALL | of_neuron(neuron))
            | {
                "architecture": "-".join(parts),
                "input_size": data.draw(st.integers(9, 12)),
                "timesteps": data.draw(st.integers(1, 5)),
            }
        )
    )


@pytest.mark.parametrize("neuron", NEURONS)
def test_the_response_is_that_of_the_membrane(neuron: str) -> None:
    choices = TrainingChoices(neuron=neuron, threshold=100.0, beta=0.5)
    steps, quiet = membrane_steps(choices), np.zeros((1, 1, 1, 1), bool)
    currents = [np.float32(t == 0) * np.ones((1, 1, 1, 1), np.float32) for t in range(6)]
    membranes = [float(steps.forwards(current, quiet).item()) for current in currents]
    assert steps.response(6) == pytest.approx(membranes, abs=1e-6)


@pytest.mark.parametrize("neuron", NEURONS)
def test_constants_are_torchs_but_for_the_last_digit(neuron: str) -> None:
    layer = cast(Any, SpikingNetwork(TrainingChoices(neuron=neuron, architecture="FC10")).layers)[0]
    ours = constants(TrainingChoices(neuron=neuron))
    if layer.fused is not None:
        theirs = layer.fused
        np.testing.assert_array_max_ulp(np.array([ours.gain, ours.leak]), np.array([theirs.gain, theirs.leak]), 2)
    else:
        assert float(ours.leak) == layer.neuron.beta.item()
        assert neuron not in WITH_ALPHA or float(ours.alpha) == layer.neuron.alpha.item()


def test_the_distance_of_the_threshold_is_in_deviations_of_the_membrane() -> None:
    choices = TrainingChoices(**SMALL, beta=0.5)
    for layer in probe(choices, recordings(choices)).layers:
        kept = 1 + 0.5 + 0.25, (1 + 0.25 + 0.0625) ** 0.5
        expected = (0.2 - layer.current_mean * kept[0]) / (layer.current_deviation * kept[1])
        assert layer.threshold_distance == pytest.approx(expected, rel=1e-6)
    # An alpha neuron answers a current one timestep later.
    one_step = TrainingChoices(**(SMALL | {"timesteps": 1}), neuron="alpha")
    assert probe(one_step, recordings(one_step)).layers[0].threshold_distance == np.inf


def test_currents_behind_batch_norm_have_mean_0_and_deviation_1() -> None:
    choices = TrainingChoices(**SMALL)
    normed = probe(choices, recordings(choices)).layers[1]
    assert (normed.current_mean, normed.current_deviation) == pytest.approx((0, 1), abs=1e-3)


def test_a_silent_network_is_said_to_be_one() -> None:
    choices = TrainingChoices(**(SMALL | {"threshold": 100.0}))
    untrained = probe(choices, recordings(choices))
    assert untrained.output_rate == 0
    assert [layer.silent_share for layer in untrained.layers] == [1] * 5
    assert [layer.gradient_nonzero for layer in untrained.layers[1:]] == [0] * 4


def test_a_probe_is_repeated_to_the_bit_and_remembered() -> None:
    choices = TrainingChoices(**SMALL, surrogate="sso")
    first = probe(choices, recordings(choices))
    # Equal recordings in another array, and choices that only training looks at.
    later = choices.model_copy(update={"learning_rate": 0.1, "epochs": 3, "dropout": 0.5})
    assert probe(later, recordings(choices)) is first
    MODULE._probe.cache_clear()
    again = probe(choices, recordings(choices))
    assert again == first
    assert again is not first
    assert probe(choices, recordings(choices, seed=1)) != first
    assert probe(choices.model_copy(update={"seed": 1}), recordings(choices)) != first


def test_threads_change_no_bit() -> None:
    choices = TrainingChoices()
    answers = []
    for threads in (1, 2):
        with threadpool_limits(threads, user_api="blas"):
            MODULE._probe.cache_clear()
            answers.append(probe(choices, recordings(choices, samples=8)))
    assert answers[0] == answers[1]


def test_neither_torch_nor_numba_is_waited_for() -> None:
    program = (
        "import sys, numpy as np; from spikecast.choices import TrainingChoices; "
        "from spikecast.predictor.probe import ProbeRecordings, probe; "
        "probe(TrainingChoices(), ProbeRecordings(np.ones((1, 4, 2, 32, 32), np.uint8), np.zeros(1, np.uint8))); "
        "print([name for name in ('torch', 'numba', 'scipy', 'pandas') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_recordings_cannot_be_changed_behind_their_key() -> None:
    frames, labels = np.zeros((2, 1, 2, 8, 8), np.uint8), np.zeros(2, np.uint8)
    kept = ProbeRecordings(frames, labels)
    key = kept.key
    frames[:] = 1
    assert ProbeRecordings(frames, labels).key != key == ProbeRecordings(np.zeros_like(frames), labels).key
    with pytest.raises(ValueError, match="read-only"):
        kept.frames[:] = 1


def test_balanced_takes_classes_in_turn() -> None:
    labels = np.array([2, 2, 2, 0, 1, 0, 2], np.uint8)
    frames = np.zeros((7, 1, 2, 8, 8), np.uint8)
    frames[np.arange(7), 0, 0, 0, np.arange(7)] = 1
    chosen = balanced(frames, labels, 5)
    assert chosen.labels.tolist() == [0, 1, 2, 0, 2]
    assert chosen.frames.any(axis=(1, 2, 3)).argmax(axis=1).tolist() == [3, 4, 0, 5, 1]
    assert len(balanced(frames, labels, 100).labels) == 7
    with pytest.raises(InputError, match="0 recordings cannot be probed: give 1 or more"):
        balanced(frames, labels, 0)


def test_what_does_not_fit_is_refused() -> None:
    frames, labels = np.zeros((2, 4, 2, 32, 32), np.uint8), np.zeros(2, np.uint8)
    for wrong in (frames.astype(float), frames[:0], frames[:, :, :1], frames[..., :3], frames[0], frames + 2):
        with pytest.raises(InputError, match="cannot be probed: give at least one recording as uint8"):
            ProbeRecordings(cast(Any, wrong), labels)
    for wrong in (labels[:1], labels.astype(int)):
        with pytest.raises(InputError, match="do not fit 2 recordings: give uint8, one class for each"):
            ProbeRecordings(frames, cast(Any, wrong))
    with pytest.raises(InputError, match="do not fit timesteps 5 and input_size 32: bin them anew"):
        probe(TrainingChoices(timesteps=5), ProbeRecordings(frames, labels))
    with pytest.raises(InputError, match="class 10 is not one of nmnist's, 0 to 9"):
        probe(TrainingChoices(), ProbeRecordings(frames, labels + np.uint8(10)))

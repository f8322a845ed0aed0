"""Live snnTorch modules against the network that is read from them, spike for spike and membrane for membrane."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import snntorch
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from snntorch import utils
from torch import nn
from torch.nn import functional
from torch.nn.utils import parametrizations, prune

from spikecast.accelerator import Network, load_hardware, simulate
from spikecast.accelerator.engine import plan_layer, run_layer
from spikecast.accelerator.spike_lists import from_frames
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.events import BinnedSplit
from spikecast.snn.export import export
from spikecast.snn.live import network_of
from spikecast.snn.network import SpikingNetwork
from spikecast.snn.quantise import quantise_weights

#: Sums in another order differ in their last bits: nearer to the threshold than this (times the membrane's size, if
#: that is above 1), either side may be right.
TOLERANCE = 1e-5

NEURONS: dict[str, Callable[..., nn.Module]] = {
    "Leaky": lambda **k: snntorch.Leaky(beta=0.8, **k),
    "Lapicque": lambda **k: snntorch.Lapicque(beta=0.7, **k),
    "Synaptic": lambda **k: snntorch.Synaptic(alpha=0.6, beta=0.7, **k),
    "Alpha": lambda **k: snntorch.Alpha(alpha=0.8, beta=0.6, **k),
}
RESETS = ("subtract", "zero", "none")


@pytest.fixture(autouse=True)
def _one_thread_and_no_neurons_left() -> Iterator[None]:
    torch.set_num_threads(1)
    yield
    snntorch.SpikingNeuron.init()


class Layer(nn.Sequential):
    """The modules of one layer: synapses, perhaps batch norm, neurons, perhaps a pool."""

    @property
    def neuron(self) -> Any:
        return next(part for part in self if isinstance(part, snntorch.SpikingNeuron))


def stepped(net: nn.Sequential, frames: torch.Tensor) -> list[dict[str, torch.Tensor]]:
    """What snnTorch does: per layer what entered, the neurons' membranes and what left, [samples, timesteps, ...]."""
    kept: list[dict[str, list[torch.Tensor]]] = [{"inputs": [], "membranes": [], "spikes": []} for _ in net]
    net.eval()
    for layer in net:
        layer.neuron.reset_mem()
    with torch.inference_mode():
        for frame in frames.transpose(0, 1).float():
            spikes = frame
            for layer, records in zip(net, kept, strict=True):
                records["inputs"].append(spikes)
                spikes = layer(spikes)
                records["membranes"].append(layer.neuron.mem.clone())
                records["spikes"].append(spikes)
    return [{name: torch.stack(values, 1) for name, values in records.items()} for records in kept]


def assert_alike(net: nn.Sequential, frames: np.ndarray, *, exact: bool = False) -> Network:
    """Layer by layer, each with torch's own inputs, so that one differing spike cannot spread."""
    network = network_of(net, frames.shape[2:])
    fired = 0.0
    for layer, record in zip(network.layers, stepped(net, torch.tensor(frames)), strict=True):
        lists = from_frames(record["inputs"].numpy(), layer.shape.in_channels)
        out = run_layer(plan_layer(layer), lists, membranes=True)
        assert out.membranes is not None
        theirs = record["spikes"].numpy()
        ours = out.spikes.dense(layer.shape.out_channels, layer.shape.out_size).reshape(theirs.shape)
        membranes = record["membranes"].numpy()
        our_membranes = out.membranes.reshape(membranes.shape)
        fired += theirs.mean()
        if exact:
            assert np.array_equal(ours, theirs)
            assert np.array_equal(our_membranes, membranes)
            continue
        # The neurons' own spikes, in front of the pool; after its first difference a neuron may go another way.
        threshold = layer.neuron.threshold
        different = (our_membranes > threshold) != (membranes > threshold)
        size = TOLERANCE * np.maximum(1, np.abs(membranes).max())
        near = np.abs(membranes - threshold) <= size
        assert (near.cumsum(axis=1) > 0)[different].all()
        alike = different.cumsum(axis=1) == 0
        assert np.abs(our_membranes - membranes)[alike].max() <= size
        assert different.mean() < 1e-4
        assert (ours != theirs).mean() < 1e-4
    assert exact or fired > 0
    return network


def neuron(kind: str, reset: str, recurrent: str = "", features: int = 0, **settings_: Any) -> nn.Module:
    options = {"reset_mechanism": reset, "init_hidden": True, "threshold": 0.1, **settings_}
    if kind != "RLeaky":
        return NEURONS[kind](**options)
    if recurrent == "linear":
        return snntorch.RLeaky(beta=0.8, linear_features=features, **options)
    if recurrent == "conv":
        return snntorch.RLeaky(beta=0.8, conv2d_channels=features, kernel_size=3, **options)
    weights = torch.tensor(-0.3) if recurrent == "one weight" else torch.linspace(-0.5, 0.4, features)
    if recurrent == "one a channel":
        weights = weights.reshape(-1, 1, 1)
    return snntorch.RLeaky(beta=0.8, V=weights, all_to_all=False, **options)


def quantised(net: nn.Sequential, bits: int) -> nn.Sequential:
    for part in list(net.modules()):
        if bits < 32 and isinstance(part, (nn.Conv2d, nn.Linear)):
            quantise_weights(part, bits)
    return net


def trained(norm: nn.BatchNorm1d | nn.BatchNorm2d) -> nn.Module:
    """A batch norm that does something, as one does after training."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    nn.init.uniform_(norm.running_mean, -0.5, 0.5)
    nn.init.uniform_(norm.running_var, 0.05, 0.5)
    nn.init.uniform_(norm.weight, -1.0, 1.0)
    nn.init.uniform_(norm.bias, -0.2, 0.2)
    return norm


KINDS = [(kind, "") for kind in NEURONS]


@pytest.mark.parametrize("bits", [4, 8, 32])
@pytest.mark.parametrize("reset", RESETS)
@pytest.mark.parametrize(
    ("kind", "recurrent"), [*KINDS, ("RLeaky", "linear"), ("RLeaky", "one weight"), ("RLeaky", "one a neuron")]
)
def test_fully_connected_networks(kind: str, recurrent: str, reset: str, bits: int, small: BinnedSplit) -> None:
    torch.manual_seed(0)
    net = nn.Sequential(
        Layer(nn.Flatten(), nn.Linear(2048, 30), neuron(kind, reset, recurrent, 30)),
        Layer(
            nn.Dropout(0.5),
            nn.Linear(30, 10, bias=False),
            trained(nn.BatchNorm1d(10)),
            neuron(kind, reset, recurrent, 10),
        ),
    )
    network = assert_alike(quantised(net, bits), small.evaluation[:20])
    assert network.weight_bits == bits
    assert [layer.shape.name for layer in network.layers] == ["fc1", "fc2"]
    assert network.layers[0].weights.dtype == (np.float32 if bits == 32 else np.int8)


@pytest.mark.parametrize("bits", [4, 8, 32])
@pytest.mark.parametrize("reset", RESETS)
@pytest.mark.parametrize(
    ("kind", "recurrent"), [*KINDS, ("RLeaky", "conv"), ("RLeaky", "one weight"), ("RLeaky", "one a channel")]
)
def test_convolutional_networks(kind: str, recurrent: str, reset: str, bits: int, small: BinnedSplit) -> None:
    torch.manual_seed(0)
    last = neuron("RLeaky", reset, "linear", 10) if recurrent else neuron(kind, reset)
    net = nn.Sequential(
        Layer(nn.Conv2d(2, 5, 5, stride=2, padding=1), trained(nn.BatchNorm2d(5)), neuron(kind, reset, recurrent, 5)),
        Layer(
            nn.Conv2d(5, 6, 3, padding="same"),
            trained(nn.BatchNorm2d(6)),
            neuron(kind, reset, recurrent, 6),
            nn.MaxPool2d(2),
        ),
        Layer(nn.Flatten(), nn.Linear(294, 10), last),
    )
    network = assert_alike(quantised(net, bits), small.evaluation[:6])
    assert network.weight_bits == bits
    assert [layer.shape.recurrent for layer in network.layers] == [bool(recurrent)] * 3


def exact_recurrent(features: int, conv: bool, **options: Any) -> nn.Module:
    sizes = {"conv2d_channels": features, "kernel_size": 3} if conv else {"linear_features": features}
    cell = snntorch.RLeaky(beta=0.5, **sizes, **options)
    rounded(cell.recurrent, 32)
    return cell


EXACT = {
    "Leaky .5": lambda *_, **k: snntorch.Leaky(beta=0.5, **k),
    "Leaky .75": lambda *_, **k: snntorch.Leaky(beta=0.75, **k),
    "Lapicque": lambda *_, **k: snntorch.Lapicque(R=2.0, C=2.0, **k),
    "Synaptic": lambda *_, **k: snntorch.Synaptic(alpha=0.5, beta=0.75, **k),
    "Alpha": lambda *_, **k: snntorch.Alpha(alpha=0.5, beta=0.25, **k),
    "RLeaky to itself": lambda *_, **k: snntorch.RLeaky(beta=0.5, V=-0.375, all_to_all=False, **k),
    "RLeaky to all": exact_recurrent,
}


def rounded(synapse: Any, bits: int) -> Any:
    """Weights that are multiples of 1/64: sums in any order agree to the last bit; so do integers times 1/64."""
    limit = 40 if bits == 32 else 2 ** (bits - 1) - 1
    with torch.no_grad():
        synapse.weight.copy_(torch.randint(-limit, limit + 1, synapse.weight.shape) / 64)
        synapse.weight.flatten(1)[:, 0] = limit / 64
        synapse.bias.copy_(torch.randint(-20, 21, synapse.bias.shape) / 64)
    if bits < 32:
        quantise_weights(synapse, bits)
    return synapse


@settings(max_examples=60)
@given(
    kind=st.sampled_from(sorted(EXACT)),
    reset=st.sampled_from(RESETS),
    bits=st.sampled_from([4, 8, 32]),
    size=st.tuples(st.integers(7, 12), st.integers(7, 12)),
    convolutions=st.lists(
        st.tuples(
            st.sampled_from([1, 3, 5]), st.sampled_from([1, 2]), st.sampled_from([0, 1, 2]), st.sampled_from([1, 2, 3])
        ),
        max_size=2,
    ),
    dense=st.integers(1, 2),
    density=st.floats(0.05, 0.9),
    seed=st.integers(0, 2**32 - 1),
)
def test_random_networks_agree_on_every_bit(
    kind: str,
    reset: str,
    bits: int,
    size: tuple[int, int],
    convolutions: list[tuple[int, int, int, int]],
    dense: int,
    density: float,
    seed: int,
) -> None:
    torch.manual_seed(seed)
    options = {"reset_mechanism": reset, "threshold": 0.25, "init_hidden": True}
    # Weights back from neurons to themselves are float here, and weights of different bits are refused.
    bits = 32 if kind == "RLeaky to all" else bits
    layers: list[nn.Module] = []
    channels, (height, width) = 2, size
    for kernel, stride, padding, pool in convolutions:
        after = [(side + 2 * padding - kernel) // stride + 1 for side in (height, width)]
        if min(height, width) + 2 * padding < kernel or min(after) < pool:
            continue
        synapse = rounded(nn.Conv2d(channels, 3, kernel, stride, padding), bits)
        layers.append(Layer(synapse, EXACT[kind](3, True, **options), *([nn.MaxPool2d(pool)] if pool > 1 else [])))
        channels, (height, width) = 3, (after[0] // pool, after[1] // pool)
    inputs = channels * height * width
    for _ in range(dense):
        layers.append(Layer(nn.Flatten(), rounded(nn.Linear(inputs, 6), bits), EXACT[kind](6, False, **options)))
        inputs = 6
    frames = (torch.rand(2, 5, 2, *size) < density).numpy().astype(np.uint8)
    assert_alike(nn.Sequential(*layers), frames, exact=True)


class Loop(nn.Module):
    """As in snnTorch's tutorials: states passed by hand, a loop over timesteps inside."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(2, 4, 5, stride=2)
        self.pool = nn.MaxPool2d(2)
        self.lif1 = snntorch.Leaky(beta=0.9, threshold=0.2, reset_mechanism="zero")
        self.conv2 = nn.Conv2d(4, 6, 3, padding=1)
        self.lif2 = snntorch.Synaptic(alpha=0.5, beta=0.8, threshold=0.2)
        self.fc1 = nn.Linear(54, 12)
        self.lif3 = snntorch.RLeaky(beta=0.8, linear_features=12, threshold=0.1)
        self.fc2 = nn.Linear(12, 5)
        self.lif4 = snntorch.Alpha(alpha=0.9, beta=0.8, threshold=0.01)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        mem1 = self.lif1.init_leaky()
        syn2, mem2 = self.lif2.init_synaptic()
        spk3, mem3 = self.lif3.init_rleaky()
        exc4, inh4, mem4 = self.lif4.init_alpha()
        answers = []
        for step in range(frames.size(0)):
            spk1, mem1 = self.lif1(self.conv1(frames[step]), mem1)
            spk2, syn2, mem2 = self.lif2(self.conv2(self.pool(spk1)), syn2, mem2)
            spk3, mem3 = self.lif3(self.fc1(self.pool(spk2).flatten(1)), spk3, mem3)
            spk4, exc4, inh4, mem4 = self.lif4(self.fc2(spk3), exc4, inh4, mem4)
            answers.append(spk4)
        return torch.stack(answers)


class SamplesFirst(Loop):
    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        return super().forward(frames.transpose(0, 1)).transpose(0, 1)


class OneStep(nn.Module):
    """One timestep a call; the neurons keep their state, and a helper clears it."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(2, 3, 3), snntorch.Lapicque(beta=0.6, threshold=0.1, init_hidden=True))
        self.head = nn.Linear(2700, 6)
        self.lif = snntorch.Leaky(beta=0.5, threshold=0.1)

    def forward(self, frame: torch.Tensor) -> torch.Tensor:
        spikes: torch.Tensor = self.lif(self.head(self.features(frame).view(len(frame), -1)))[0]
        return spikes


class ClearsItself(nn.Module):
    """Clears all hidden states with snnTorch's own helper, then loops."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(2048, 9)
        self.lif1 = snntorch.Leaky(beta=0.5, threshold=0.1, init_hidden=True)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        utils.reset(self)
        return torch.stack([self.lif1(self.fc1(frame.flatten(1))) for frame in frames])


def answers_of(module: nn.Module, frames: np.ndarray) -> np.ndarray:
    """[samples, timesteps, outputs], each module called as it wants to be."""
    batch = torch.tensor(frames).float()
    with torch.inference_mode():
        if isinstance(module, SamplesFirst):
            return module(batch).numpy()
        if isinstance(module, (Loop, ClearsItself)):
            return module(batch.transpose(0, 1)).transpose(0, 1).numpy()
        return torch.stack([module(frame) for frame in batch.transpose(0, 1)], 1).numpy()


@pytest.mark.parametrize("make", [Loop, SamplesFirst, OneStep, ClearsItself])
def test_ways_to_call_a_network(make: type[nn.Module], small: BinnedSplit) -> None:
    torch.manual_seed(1)
    module = make().eval()
    result = simulate(module, small.evaluation[:20], load_hardware("sparse-core"))
    expected = answers_of(module, small.evaluation[:20])
    assert expected.mean() > 0.01
    assert (result.output_spikes == expected).mean() > 0.999


def test_flat_frames_and_one_output_tuple(small: BinnedSplit) -> None:
    torch.manual_seed(1)
    net = nn.Sequential(
        nn.Unflatten(1, (2, 32, 32)),
        nn.Conv2d(2, 3, 3, stride=2),
        snntorch.Leaky(beta=0.5, threshold=0.1, init_hidden=True),
        nn.Flatten(),
        nn.Linear(675, 4),
        snntorch.Leaky(beta=0.5, threshold=0.1, init_hidden=True, output=True),
    )
    frames = small.evaluation[:5].reshape(5, 4, -1)
    result = simulate(net, frames, load_hardware("sparse-core"))
    with torch.inference_mode():
        expected = torch.stack([net(frame)[0] for frame in torch.tensor(frames).float().transpose(0, 1)], 1).numpy()
    assert (result.output_spikes == expected).mean() > 0.999
    assert network_of(net[4:], (675,)).layers[0].shape.in_size == (1, 675)


def test_a_spiking_network_is_exported() -> None:
    module = SpikingNetwork(TrainingChoices(architecture="csnn-s", weight_bits=4))
    read, exported = network_of(module, (2, 32, 32)), export(module)
    assert read.shapes == exported.shapes
    assert all(
        np.array_equal(one.weights, other.weights) for one, other in zip(read.layers, exported.layers, strict=True)
    )


def small_net(**options: Any) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(2, 3, 3),
        nn.BatchNorm2d(3),
        leaky(**options),
        nn.Dropout(0.5),
        nn.Flatten(),
        nn.Linear(108, 4),
        leaky(),
    )


def leaky(**options: Any) -> nn.Module:
    return snntorch.Leaky(**{"beta": 0.5, "threshold": 0.1, "init_hidden": True, **options})


def test_the_module_is_left_alone_in_the_middle_of_training() -> None:
    net = small_net(learn_beta=True)
    net(torch.rand(5, 2, 8, 8)).sum().backward()
    assert not net[2].mem.is_leaf
    before = {name: value.detach().clone() for name, value in net.state_dict().items()}
    membrane, neurons, draws = net[2].mem.clone(), list(snntorch.SpikingNeuron.instances), torch.get_rng_state()
    network_of(net, (2, 8, 8))
    assert net.training
    assert torch.equal(net[2].mem, membrane)
    assert snntorch.SpikingNeuron.instances == neurons
    assert torch.equal(torch.get_rng_state(), draws)
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in net.modules())


def test_clearing_itself_does_not_clear_others() -> None:
    other = leaky()
    other(torch.ones(1, 3))
    network_of(ClearsItself(), (2, 32, 32))
    assert other.mem.any()


def test_other_parametrizations_count_with_what_they_compute(small: BinnedSplit) -> None:
    torch.manual_seed(0)
    weight_normed = parametrizations.weight_norm(nn.Linear(2048, 20))
    net = nn.Sequential(
        Layer(nn.Flatten(), weight_normed, leaky()), Layer(parametrizations.spectral_norm(nn.Linear(20, 5)), leaky())
    )
    network = assert_alike(net, small.evaluation[:5])
    assert network.weight_bits == 32
    assert torch.equal(weight_normed.weight.T, torch.tensor(network.layers[0].weights))


def test_an_unused_module_does_not_matter() -> None:
    net = OneStep()
    net.unused = nn.AvgPool2d(2)
    assert len(network_of(net, (2, 32, 32)).layers) == 2


def test_both_kinds_of_one_to_one_weights_fill_the_trace() -> None:
    own = {"V": 0.5, "all_to_all": False, "beta": 0.5, "threshold": 0.1, "init_hidden": True}
    net = nn.Sequential(
        nn.Conv2d(2, 3, 3), snntorch.RLeaky(**own), nn.Flatten(), nn.Linear(108, 4), snntorch.RLeaky(**own)
    )
    network = network_of(net, (2, 8, 8))
    assert [layer.shape.trace_channels for layer in network.layers] == [2 + 3, 3 + 1]
    for layer in network.layers:
        plan = plan_layer(layer)
        assert int(plan.returning.channel.max()) == layer.shape.trace_channels - 1


# ---------------------------------------------------------------------------------------------------------------------
# What is refused.


def conv(*middle: nn.Module, inputs: int = 108) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(2, 3, 3), *middle, nn.Flatten(), nn.Linear(inputs, 4), leaky())


def conv_of(**options: Any) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(2, 4, **{"kernel_size": 3, **options}), leaky())


def pool_of(**options: Any) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(2, 3, 3), leaky(), nn.MaxPool2d(**options))


def recurrent_of(recurrent: nn.Module, *synapses: nn.Module) -> nn.Sequential:
    cell = snntorch.RLeaky(beta=0.5, linear_features=4, init_hidden=True)
    cell.recurrent = recurrent
    return nn.Sequential(*(synapses or (nn.Flatten(), nn.Linear(128, 4))), cell)


class Written(nn.Module):
    """Two layers with something written by hand between them."""

    def __init__(
        self, between: Callable[..., Any], inputs: int = 108, encode: Callable[..., Any] | None = None
    ) -> None:
        super().__init__()
        self.conv1, self.lif1, self.between, self.encode = nn.Conv2d(2, 3, 3), leaky(), between, encode or keep
        self.fc1, self.lif2 = nn.Linear(inputs, 4), leaky()

    def forward(self, frame: torch.Tensor) -> torch.Tensor:
        spikes: torch.Tensor = self.lif2(self.fc1(self.between(self.lif1(self.conv1(self.encode(frame)))).flatten(1)))
        return spikes


class WithStates(nn.Module):
    """A layer whose states are made by ``first`` and changed by ``then``."""

    def __init__(self, first: Callable[..., Any], then: Callable[..., Any], steps: int = 0) -> None:
        super().__init__()
        self.fc1, self.lif1, self.first, self.then, self.steps = (
            nn.Linear(128, 4),
            leaky(init_hidden=False),
            first,
            then,
            steps,
        )

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        membrane = self.first(torch.zeros(frames.size(1), 4))
        for step in range(self.steps or frames.size(0)):
            spikes, membrane = self.lif1(self.fc1(frames[step].flatten(1)), membrane)
            membrane = self.then(membrane)
        return spikes


class KeepsItsState(nn.Module):
    """Keeps a membrane of its own from call to call."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.lif1, self.membrane = nn.Linear(128, 4), leaky(init_hidden=False), torch.ones(2, 4)

    def forward(self, frame: torch.Tensor) -> torch.Tensor:
        spikes, self.membrane = self.lif1(self.fc1(frame.flatten(1)), self.membrane)
        return spikes


class KeepsAnswers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net, self.answers = small_net(), [torch.ones(1, requires_grad=True) * 2]

    def forward(self, frame: torch.Tensor) -> torch.Tensor:
        self.answers.append(self.net(frame))
        return self.answers[-1]


class RepeatsOneFrame(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.lif1 = nn.Linear(128, 4), leaky()

    def forward(self, frame: torch.Tensor) -> torch.Tensor:
        return torch.stack([self.lif1(self.fc1(frame.flatten(1))) for _ in range(25)])


class ReadsOutAtTheEnd(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.lif1, self.readout = nn.Linear(128, 4), leaky(), nn.Linear(4, 2)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        answer: torch.Tensor = self.readout(sum(self.lif1(self.fc1(frame.flatten(1))) for frame in frames))
        return answer


class TwoStates(nn.Module):
    def forward(self, frame: torch.Tensor, membrane: torch.Tensor) -> torch.Tensor:
        return frame * membrane


class MyLinear(nn.Linear):
    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return 2 * super().forward(inputs)


class AlwaysDrops(nn.Dropout):
    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return functional.dropout(inputs, 0.5, training=True)


def hooked() -> nn.Sequential:
    net = small_net()
    net[0].register_forward_hook(lambda *_: None)
    return net


def diverged() -> nn.Sequential:
    net = small_net()
    net[5].weight.data[0, 0] = torch.nan
    return net


def pruned() -> nn.Sequential:
    net = small_net()
    prune.random_unstructured(net[5], "weight", 0.5)
    return net


def of_bits(first: int, second: int) -> nn.Sequential:
    net = small_net()
    for part, bits in ((net[0], first), (net[5], second)):
        if bits < 32:
            quantise_weights(part, bits)
    return net


def shared_neurons() -> nn.Sequential:
    cell = leaky()
    return nn.Sequential(nn.Flatten(), nn.Linear(128, 4), cell, nn.Linear(4, 4), cell)


def other_reset() -> nn.Sequential:
    net = small_net()
    net[2].reset_mechanism = "zero"
    return net


def inhibited() -> nn.Sequential:
    net = small_net()
    net[6].inhibition = True
    return net


def soft(membrane: torch.Tensor) -> torch.Tensor:
    return torch.sigmoid(membrane)


def keep(value: torch.Tensor) -> torch.Tensor:
    return value


def own_weights(weights: torch.Tensor) -> nn.Module:
    return snntorch.RLeaky(beta=0.5, V=weights, all_to_all=False, init_hidden=True)


def quantised_but_its_recurrence() -> nn.Sequential:
    net = recurrent_of(nn.Linear(4, 4))
    quantise_weights(net[1], 4)
    return net


class Encodes(nn.Module):
    def forward(self, frame: torch.Tensor) -> torch.Tensor:
        return 0.5 * frame


class Branches(nn.Module):
    """A second path around the middle layer."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.lif1, self.fc2, self.lif2 = nn.Linear(128, 8), leaky(), nn.Linear(8, 8), leaky()

    def forward(self, frame: torch.Tensor) -> torch.Tensor:
        spikes = self.lif1(self.fc1(frame.flatten(1)))
        answer: torch.Tensor = self.lif2(self.fc2(spikes + frame.flatten(1)[:, :8]))
        return answer


class ModifiedLeaky(snntorch.Leaky):
    pass


FRACTIONS = "turns spikes into fractions, and the accelerator's are 0 or 1: use MaxPool2d behind the neurons"
CURRENTS = "pools currents, in front of the neurons, and the accelerator pools spikes: move it behind the neurons"
REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "no module": (lambda: [1], "a list cannot be read as a network: allowed: a spikecast.accelerator.Network, or"),
    # Modules that have no place in the accelerator.
    "average pool": (lambda: conv(leaky(), nn.AvgPool2d(2), inputs=27), f"AvgPool2d 2 {FRACTIONS}"),
    "adaptive pool": (lambda: conv(leaky(), nn.AdaptiveAvgPool2d(3), inputs=27), f"AdaptiveAvgPool2d 2 {FRACTIONS}"),
    "power pool": (lambda: conv(leaky(), nn.LPPool2d(2, 2), inputs=27), f"LPPool2d 2 {FRACTIONS}"),
    "other pool": (
        lambda: conv(leaky(), nn.AdaptiveMaxPool2d(3), inputs=27),
        "AdaptiveMaxPool2d 2 is a pool that the accelerator does not have",
    ),
    "max-pool of currents": (lambda: conv(nn.MaxPool2d(2), leaky(), inputs=27), f"MaxPool2d 1 {CURRENTS}"),
    "max-pool of the input": (
        lambda: nn.Sequential(nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32, 4), leaky()),
        "MaxPool2d 0 pools the input, in front of all synapses",
    ),
    "second max-pool": (
        lambda: conv(leaky(), nn.MaxPool2d(2), nn.MaxPool2d(3), inputs=3),
        "MaxPool2d 3 pools what MaxPool2d 2 has pooled: use one pool as wide as both",
    ),
    "max-pool of fully connected neurons": (
        lambda: nn.Sequential(nn.Flatten(), nn.Linear(128, 8), leaky(), nn.Unflatten(1, (2, 2, 2)), nn.MaxPool2d(2)),
        "MaxPool2d 4 pools fully connected neurons, which do not lie in a map: remove it",
    ),
    "padded pool": (
        lambda: pool_of(kernel_size=2, padding=1),
        "MaxPool2d 2 has padding=1: allowed on the accelerator: 0",
    ),
    "dilated pool": (
        lambda: pool_of(kernel_size=2, dilation=2),
        "MaxPool2d 2 has dilation=2: allowed on the accelerator: 1",
    ),
    "overlapping pool": (
        lambda: pool_of(kernel_size=3, stride=2),
        "MaxPool2d 2 has stride=2: allowed on the accelerator: the kernel's size",
    ),
    "rectangular pool": (
        lambda: pool_of(kernel_size=(2, 3)),
        "MaxPool2d 2 has kernel_size=(2, 3): allowed on the accelerator: a square one",
    ),
    "ceiling pool": (
        lambda: pool_of(kernel_size=2, ceil_mode=True),
        "MaxPool2d 2 has ceil_mode=True: allowed on the accelerator: False",
    ),
    "even kernel": (lambda: conv_of(kernel_size=2), "Conv2d 0 has kernel_size=(2, 2): allowed on the accel"),
    "rectangular kernel": (lambda: conv_of(kernel_size=(3, 1)), "Conv2d 0 has kernel_size=(3, 1): allowed"),
    "groups": (lambda: conv_of(groups=2), "Conv2d 0 has groups=2: allowed on the accelerator: 1"),
    "dilation": (lambda: conv_of(dilation=2), "Conv2d 0 has dilation=(2, 2): allowed on the accelerator: 1"),
    "padding mode": (
        lambda: conv_of(padding=1, padding_mode="circular"),
        "Conv2d 0 has padding_mode='circular': allowed on the accelerator: zeros",
    ),
    "stride of 3": (lambda: conv_of(stride=3), "Conv2d 0 has stride=(3, 3): allowed on the accelerator: 1 or 2"),
    "unequal stride": (
        lambda: conv_of(stride=(1, 2)),
        "Conv2d 0 has stride=(1, 2): allowed on the accelerator: 1 or 2",
    ),
    "unequal padding": (
        lambda: conv_of(padding=(0, 1)),
        "Conv2d 0 has padding=(0, 1): allowed on the accelerator: the same in both axes",
    ),
    "other convolution": (
        lambda: conv(leaky(), nn.ConvTranspose2d(3, 3, 3), leaky(), inputs=192),
        "ConvTranspose2d 2 is a convolution that the accelerator does not have: use Conv2d",
    ),
    "layer norm": (
        lambda: conv(nn.LayerNorm([3, 6, 6]), leaky()),
        "LayerNorm 1 cannot be folded into weights: use BatchNorm2d or BatchNorm1d directly behind the synapses",
    ),
    "group norm": (lambda: conv(nn.GroupNorm(3, 3), leaky()), "GroupNorm 1 cannot be folded into weights"),
    "instance norm": (lambda: conv(nn.InstanceNorm2d(3), leaky()), "InstanceNorm2d 1 cannot be folded into weights"),
    "batch norm of spikes": (
        lambda: conv(leaky(), nn.BatchNorm2d(3)),
        "BatchNorm2d 2 is not directly behind a Conv2d or Linear, so it cannot be folded into weights: put it between",
    ),
    "batch norm of the input": (
        lambda: nn.Sequential(nn.BatchNorm2d(2), *conv(leaky())),
        "BatchNorm2d 0 is not directly behind a Conv2d or Linear",
    ),
    "batch norm without statistics": (
        lambda: conv(nn.BatchNorm2d(3, track_running_stats=False), leaky()),
        "BatchNorm2d 1 has no running statistics, so it cannot be folded into weights: train it with track_running_",
    ),
    "batch norm a pixel": (
        lambda: nn.Sequential(nn.Conv2d(2, 3, 3), nn.Flatten(), nn.BatchNorm1d(108), leaky()),
        "BatchNorm1d 2 norms 108 values apart, and Conv2d 0 has 3 channels: use BatchNorm2d directly behind it",
    ),
    "activation function": (
        lambda: conv(nn.ReLU(inplace=True), leaky()),
        "ReLU 1 is an activation function, and the accelerator has none but spiking neurons: remove it",
    ),
    "own module": (
        lambda: nn.Sequential(Encodes(), *conv(leaky())),
        "Encodes 0 cannot be read: allowed: Conv2d or Linear",
    ),
    "unknown module": (
        lambda: conv(leaky(), nn.Upsample(scale_factor=2), inputs=432),
        "Upsample 2 cannot be read: ",
    ),
    "a module's child class": (
        lambda: nn.Sequential(nn.Flatten(), MyLinear(128, 4), leaky()),
        "MyLinear 1 may compute something else than the class it is made from: use that class itself",
    ),
    "dropout that stays": (
        lambda: nn.Sequential(nn.Flatten(), AlwaysDrops(), nn.Linear(128, 4), leaky()),
        "AlwaysDrops 1 changes values in evaluation: remove it",
    ),
    "hooks": (hooked, "Conv2d 0 has hooks, which may change what it computes: remove them; a pruned or normed weight"),
    "pruned": (pruned, "Linear 5 has hooks, which may change what it computes"),
    "diverged": (
        diverged,
        "Linear 5 has values that are not finite: its training diverged, train it anew",
    ),
    "lazy weights": (
        lambda: nn.Sequential(nn.Flatten(), nn.LazyLinear(4), leaky()),
        "Sequential has lazy modules without weights: run it once first",
    ),
    # Neurons.
    "parallel neurons": (
        lambda: nn.Sequential(nn.Flatten(), nn.Linear(128, 4), snntorch.LeakyParallel(4, 4)),
        "LeakyParallel 2 cannot be run on the accelerator: it has Leaky, Lapicque, Synaptic, Alpha, RLeaky",
    ),
    "recurrent synaptic": (
        lambda: conv(snntorch.RSynaptic(alpha=0.5, beta=0.5, all_to_all=False, init_hidden=True)),
        "RSynaptic 1 cannot be run on the accelerator",
    ),
    "LSTM": (
        lambda: nn.Sequential(nn.Flatten(), snntorch.SLSTM(128, 4, init_hidden=True)),
        "SLSTM 1 cannot be run on the accelerator",
    ),
    "a neuron's child class": (
        lambda: conv(ModifiedLeaky(beta=0.5, init_hidden=True)),
        "ModifiedLeaky 1 cannot be run on the accelerator",
    ),
    "a neuron's namesake": (
        lambda: conv(type("Leaky", (snntorch.Leaky,), {})(beta=0.5, init_hidden=True)),
        "Leaky 1 is not snnTorch's own class: use that itself",
    ),
    "immediate reset": (lambda: small_net(reset_delay=False), "Leaky 2 has reset_delay=False"),
    "inhibition": (inhibited, "Leaky 6 has inhibition"),
    "quantised state": (lambda: small_net(state_quant=torch.round), "Leaky 2 has a quantised state"),
    "graded spikes": (lambda: small_net(graded_spikes_factor=0.5), "Leaky 2 has graded spikes"),
    "several betas": (lambda: small_net(beta=torch.rand(6)), "Leaky 2 has 6 different values of beta"),
    "a reset that does not run": (
        other_reset,
        "Leaky 2 says reset zero but was made with subtract, which snnTorch goes on with: make the neuron with the",
    ),
    "soft spikes": (lambda: small_net(spike_grad=soft), "Leaky 2 has a spike_grad that is not 1 above the threshold"),
    # Order.
    "no neurons": (lambda: nn.Sequential(nn.Flatten()), "Sequential runs no synapses and no neurons: allowed: Conv2d"),
    "neurons alone": (lambda: leaky(), "Leaky has no synapses in front of it: put a Conv2d or Linear there"),
    "neurons behind neurons": (lambda: conv(leaky(), leaky()), "Leaky 2 has no synapses in front of it"),
    "no neurons at the end": (
        lambda: conv(leaky())[:-1],
        "Sequential ends in Linear 3 without neurons: the accelerator has neurons behind all synapses; put a snnTorch",
    ),
    "no neurons in between": (
        lambda: conv(),
        "Conv2d 0 leads to Linear 2 without neurons between them: the accelerator has neurons behind all synapses; pu",
    ),
    "linear along the last axis": (
        lambda: nn.Sequential(nn.Conv2d(2, 3, 3), leaky(), nn.Linear(6, 4), leaky()),
        "Linear 2 gets frames of [3, 6, 6] and works along their last axis alone: put nn.Flatten() in front of it",
    ),
    "reshaped maps": (
        lambda: conv(leaky(), nn.Flatten(), nn.Unflatten(1, (12, 3, 3)), nn.Conv2d(12, 3, 1), leaky(), inputs=27),
        "Conv2d 4 gets frames of [12, 3, 3], reshaped from [3, 6, 6]: the accelerator's convolution takes the maps of",
    ),
    "convolution of fully connected neurons": (
        lambda: nn.Sequential(
            nn.Flatten(), nn.Linear(128, 32), leaky(), nn.Unflatten(1, (2, 4, 4)), nn.Conv2d(2, 3, 3), leaky()
        ),
        "Conv2d 4 gets frames of [2, 4, 4], reshaped from [1, 1, 32]",
    ),
    "functional pool": (
        lambda: Written(lambda spikes: functional.max_pool2d(spikes, 2), inputs=27),
        "between Leaky lif1 and Linear fc1 the values change by something that is not a module ([3, 6, 6] becomes [27]",
    ),
    "functional factor": (
        lambda: Written(lambda spikes: 2 * spikes),
        "between Leaky lif1 and Linear fc1 the values change by something that is not a module",
    ),
    "transposed before it is flattened": (
        lambda: Written(lambda spikes: spikes.transpose(1, 2)),
        "between Leaky lif1 and Linear fc1 the values change by something that is not a module",
    ),
    "encoded input": (
        lambda: Written(keep, encode=lambda frame: frame / 2),
        "between the input spikes and Conv2d conv1 the values change by something that is not a module",
    ),
    "branch": (Branches, "between Leaky lif1 and Linear fc2 the values change by something that is not a module"),
    "shared neurons": (
        shared_neurons,
        "Leaky 2 runs 2 times in one timestep: use neurons of their own for ",
    ),
    "repeated frame": (RepeatsOneFrame, "Leaky lif1 runs 25 times in one timestep: use neurons of their own for every"),
    "readout at the end": (
        ReadsOutAtTheEnd,
        "timestep 3 does not run the same modules as timestep 1 (fc1, lif1, readout; fc1, lif1)",
    ),
    # States.
    "state from one": (lambda: WithStates(torch.ones_like, keep), "Leaky lif1 starts from mem other than zero"),
    "state anew": (lambda: WithStates(keep, torch.zeros_like), "Leaky lif1 gets another mem than it left one timestep"),
    "state halved": (
        lambda: WithStates(keep, lambda mem: mem / 2),
        "Leaky lif1 gets another mem than it left one ",
    ),
    "own state": (KeepsItsState, "Leaky lif1 starts from mem other than zero: the accelerator's neurons start from"),
    "own tensors": (KeepsAnswers, "KeepsAnswers cannot be copied to be read (RuntimeError: Only Tensors created expli"),
    "fixed number of timesteps": (
        lambda: WithStates(keep, keep, steps=25),
        "WithStates runs neither with one timestep's spikes [samples, 2, 8, 8] (",
    ),
    "states as arguments": (
        TwoStates,
        "(TypeError: TwoStates.forward() missing 1 required positional argument: 'membrane') nor with a sequence",
    ),
    "state returned in a sequential": (
        lambda: nn.Sequential(nn.Flatten(), nn.Linear(128, 4), leaky(init_hidden=False), nn.Linear(4, 4), leaky()),
        "Linear 3 gets a tuple, not a tensor: give the neurons in front of it init_hidden=True, or pass on the ",
    ),
    # Recurrent synapses.
    "recurrent weights a pixel": (
        lambda: nn.Sequential(nn.Conv2d(2, 3, 3), own_weights(torch.rand(6))),
        "RLeaky 1 has recurrent weights V of shape [6], which differ within a channel: allowed: one value, one ",
    ),
    "recurrent linear of maps": (
        lambda: recurrent_of(nn.Linear(6, 6), nn.Conv2d(2, 3, 3)),
        "Linear 1.recurrent cannot be read: from neurons back to themselves leads a Linear behind a Linear, a Conv2d",
    ),
    "recurrent without padding": (
        lambda: recurrent_of(nn.Conv2d(3, 3, 3, padding=1, stride=1, dilation=1, groups=3), nn.Conv2d(2, 3, 3)),
        "Conv2d 1.recurrent has groups=3: allowed on the accelerator: 1",
    ),
    "recurrent even kernel": (
        lambda: recurrent_of(nn.Conv2d(3, 3, 4, padding="same"), nn.Conv2d(2, 3, 3)),
        "Conv2d 1.recurrent has kernel_size=(4, 4): allowed on the accelerator: an odd square one",
    ),
    "recurrent of several layers": (
        lambda: recurrent_of(nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))),
        "Sequential 2.recurrent cannot be read",
    ),
    # Bits.
    "mixed bits": (
        lambda: of_bits(4, 8),
        "the network has weights of different bits (4 in Conv2d 0 and 8 in Linear 5): ",
    ),
    "half quantised": (
        lambda: of_bits(8, 32),
        "the network has weights of different bits (8 in Conv2d 0 and 32 in Linear 5)",
    ),
    "float recurrence": (
        quantised_but_its_recurrence,
        "the network has weights of different bits (4 in Linear 1 and 32 in Linear 2.recurrent)",
    ),
    "six bits": (
        lambda: of_bits(6, 6),
        "Conv2d 0 has weights of -31 to 31: allowed: weights of 4 or 8 bits",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name: str) -> None:
    make, message = REFUSED[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = make()
    with pytest.raises(InputError) as refused:
        network_of(module, (2, 8, 8))
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


class FixedSteps(nn.Module):
    """The form of snnTorch's tutorials: the number of timesteps is the module's own."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.steps = steps
        self.fc = nn.Linear(12, 6)
        self.lif = snntorch.Leaky(beta=0.5, threshold=0.25)

    def forward(self, spikes: torch.Tensor) -> torch.Tensor:
        membrane = self.lif.init_leaky()
        fired = []
        for step in range(self.steps):
            out, membrane = self.lif(self.fc(spikes[step]), membrane)
            fired.append(out)
        return torch.stack(fired)


def test_a_module_with_its_own_number_of_timesteps_runs_on_as_many() -> None:
    torch.manual_seed(0)
    network = FixedSteps(7)
    frames = (np.random.default_rng(0).random((5, 7, 12)) < 0.4).astype(np.uint8)
    with torch.no_grad():
        expected = network(torch.tensor(frames).float().transpose(0, 1)).transpose(0, 1).numpy()
    assert expected.any()
    assert np.array_equal(simulate(network, frames).output_spikes, expected)
    with pytest.raises(InputError, match="runs neither with one timestep"):
        simulate(network, frames[:, :6])

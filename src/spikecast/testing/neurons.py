"""Tests of a neuron model: its spikes and membranes against snnTorch's own, its constants, its names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, cast

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, Phase, assume, given, settings, strategies as st
from numpy.typing import NDArray

from spikecast.accelerator import RESETS, Layer, from_frames
from spikecast.accelerator.engine import plan_layer, run_layer
from spikecast.architecture import LayerShape
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.neurons import DEFAULTS, NEURONS, RECURRENT, WITH_ALPHA, Dynamics, dynamics, neuron_name
from spikecast.predictor.features import FEATURE_NAMES, feature_matrix
from spikecast.predictor.questions import Questions
from spikecast.report.look import NEURON_MARKS
from spikecast.snn._export import folded_synapses, recurrent_synapses
from spikecast.snn.network import SpikingNetwork
from spikecast.snn.neuron_export import exported_neuron
from spikecast.snn.neurons import RECURRENT_KERNEL, spiking_neuron
from spikecast.snn.training import train
from spikecast.testing.networks import TrainedNetworkSuite, assert_fused_as_stepped, few_recordings, first_layer

#: Layers of a few neurons: what spikes come in, how they are connected, what neurons there are.
_SHAPES = (LayerShape("fc1", "fc", 3, (2, 2), 10), LayerShape("conv1", "conv", 2, (6, 5), 3, kernel=3))
_SAMPLES, _TIMESTEPS = 4, 12
#: No limit on a single example, since the first compiles; several classes inherit a test; no search for explanations.
_SETTINGS = settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.differing_executors],
)
_DECAYS = st.floats(0.02, 0.98)


@dataclass(frozen=True)
class Run:
    """What a layer did: both [samples, timesteps, channels, height, width]."""

    spikes: NDArray[np.uint8]
    membranes: NDArray[np.float32]


class NeuronSuite(TrainedNetworkSuite):
    """What every neuron model must do.

    ```python
    class TestRSynaptic(NeuronSuite):
        name = "rsynaptic"
        reference = snntorch.RSynaptic
    ```

    Attributes:
        name: one of ``spikecast.neurons.NEURONS``.
        reference: snnTorch's class.
        fused: whether its loop over timesteps is fused (``spikecast.snn.fused``).
    """

    name: ClassVar[str]
    reference: ClassVar[Any]
    fused: ClassVar[bool] = False

    def networks(self) -> Sequence[TrainingChoices]:
        """One in the manner of the standard network; and float and integer weights, in two architectures."""
        return [
            TrainingChoices(neuron=self.name, surrogate="atan", beta=0.6, epochs=1),
            *(
                TrainingChoices(
                    neuron=self.name, beta=0.6, reset="zero", weight_bits=bits, epochs=1, architecture=architecture
                )
                for bits in (4, 32)
                for architecture in ("csnn-s", "6C5-8C3-MP3-FC40")
            ),
        ]

    def measured(self, beta: float, alpha: float) -> Dynamics:
        """Gain and leak of snnTorch's neuron: what a current adds to it, and what of that is left a timestep later.

        Override it where that is not what ``spikecast.neurons`` says of the model.
        """
        neuron = self._neuron(LayerShape("fc1", "fc", 1, (1, 1), 1), beta, alpha, threshold=1e6, reset="none")
        first, second = (neuron(torch.tensor([[current]]))[-1].item() for current in (0.3, 0.0))
        return Dynamics(gain=first / 0.3, leak=second / first)

    @_SETTINGS
    @given(_DECAYS, _DECAYS)
    def test_gain_and_leak_are_those_of_snntorch(self, beta: float, alpha: float) -> None:
        """``dynamics`` says what the neuron does, or refuses the decays."""
        expected = self._allowed(beta, alpha)
        assert expected.gain > 0
        assert abs(expected.leak) <= 1
        found = self.measured(beta, alpha)
        assert (found.gain, found.leak) == pytest.approx((expected.gain, expected.leak), rel=1e-3, abs=1e-5)

    @_SETTINGS
    @given(_DECAYS, _DECAYS, st.floats(0.1, 2.0), st.integers(0, 2**31 - 1))
    @pytest.mark.parametrize("shape", _SHAPES, ids=lambda shape: shape.kind)
    @pytest.mark.parametrize("reset", RESETS)
    def test_spikes_and_membranes_equal_snntorchs(
        self, reset: str, shape: LayerShape, beta: float, alpha: float, threshold: float, seed: int
    ) -> None:
        """To the last bit, over random spikes and weights that add up exactly in any order."""
        self._allowed(beta, alpha)
        ours, theirs = self._both(shape, beta, alpha, threshold, reset, seed)
        assert np.array_equal(ours.membranes, theirs.membranes)
        assert np.array_equal(ours.spikes, theirs.spikes)

    def test_every_reset_is_another(self) -> None:
        """Membranes tell a neuron that is reset in one manner from those that are in another."""
        runs = [self._both(_SHAPES[0], 0.8, 0.9, 0.3, reset, seed=0)[0].membranes.tobytes() for reset in RESETS]
        assert len(set(runs)) == len(RESETS)

    def test_it_is_exported_with_its_constants(self) -> None:
        """The accelerator's neuron has the gain and leak of ``dynamics``, and the threshold to the bit."""
        choices = TrainingChoices(neuron=self.name, beta=0.3, threshold=0.7, reset="zero", architecture="FC20")
        neuron = exported_neuron(spiking_neuron(choices, choices.layers[0]))
        expected = dynamics(self.name, 0.3, choices.alpha)
        assert (neuron.gain, neuron.leak) == pytest.approx((expected.gain, expected.leak), rel=1e-5)
        assert (neuron.model, neuron.reset) == (self.name, "zero")
        assert np.float32(neuron.threshold) == np.float32(0.7)
        assert neuron.alpha == pytest.approx(choices.alpha if self.name in WITH_ALPHA else 0.0)

    def test_networks_have_snntorchs_neurons(self) -> None:
        """The module that is trained is of the class that it is compared with."""
        choices = TrainingChoices(neuron=self.name, architecture="4C3-MP2-FC20")
        assert {type(cast(Any, layer).neuron) for layer in SpikingNetwork(choices).layers} == {self.reference}

    def test_networks_train_and_say_what_stepped_them(self) -> None:
        """With integer weights, and with the fused loop where there is one."""
        choices = TrainingChoices(
            neuron=self.name, surrogate="atan", epochs=1, architecture="4C3-MP2-FC20", weight_bits=8
        )
        network = train(choices, few_recordings()).network
        assert network.neuron_engine == ("fused" if self.fused else "snntorch")
        assert all(bool(parameter.isfinite().all()) for parameter in network.parameters())

    @pytest.mark.parametrize("reset", ["subtract", "zero"])
    def test_a_fused_loop_equals_snntorch(self, reset: str) -> None:
        """Spikes, membranes and gradients, where there is one."""
        layer = first_layer(TrainingChoices(neuron=self.name, reset=reset, beta=0.6, architecture="FC10"))
        assert (layer.fused is not None) == self.fused
        if self.fused:
            assert_fused_as_stepped(layer, torch.randn(7, 30, 10, generator=torch.Generator().manual_seed(0)) * 2)

    def test_features_are_finite(self) -> None:
        """What a predictor sees of it: a column of its own, and numbers."""
        choices = TrainingChoices(neuron=self.name)
        features = feature_matrix(Questions.of([choices]), np.array([0.2]))
        assert np.isfinite(features).all()
        assert features[0, FEATURE_NAMES.index(f"neuron={self.name}")] == 1

    def test_its_name_and_defaults_are_known(self) -> None:
        """In NEURONS, in any case, with a decay and threshold that are allowed where they are left out."""
        assert self.name in NEURONS
        assert neuron_name(self.name.upper()) == self.name
        choices = TrainingChoices(neuron=self.name)
        assert (choices.beta, choices.threshold) == (DEFAULTS[self.name].beta, DEFAULTS[self.name].threshold)
        assert choices.layers[0].recurrent == (self.name in RECURRENT)

    def test_the_report_has_a_mark_of_its_own(self) -> None:
        """A color, a symbol and a dash that no other neuron has."""
        mark = NEURON_MARKS[self.name]
        others = [other for name, other in NEURON_MARKS.items() if name != self.name]
        assert mark.color not in {other.color for other in others}
        assert mark.symbol not in {other.symbol for other in others}
        assert mark.dash not in {other.dash for other in others}

    def _allowed(self, beta: float, alpha: float) -> Dynamics:
        """Gain and leak; hypothesis draws other decays where there is no such neuron."""
        try:
            found = dynamics(self.name, beta, alpha)
        except InputError:
            assume(False)
            raise
        assert math.isfinite(found.gain)
        assert math.isfinite(found.leak)
        return found

    def _neuron(self, shape: LayerShape, beta: float, alpha: float, threshold: float, reset: str) -> Any:
        further: dict[str, Any] = {"alpha": alpha} if self.name in WITH_ALPHA else {}
        if self.name in RECURRENT and shape.kind == "conv":
            further |= {"conv2d_channels": shape.out_channels, "kernel_size": RECURRENT_KERNEL}
        elif self.name in RECURRENT:
            further |= {"linear_features": shape.out_channels}
        return self.reference(beta=beta, threshold=threshold, reset_mechanism=reset, **further)

    def _both(
        self, shape: LayerShape, beta: float, alpha: float, threshold: float, reset: str, seed: int
    ) -> tuple[Run, Run]:
        """A layer of random synapses over random spikes, on the accelerator and in snnTorch."""
        random = torch.Generator().manual_seed(seed)
        neuron = self._neuron(shape, beta, alpha, threshold, reset)
        synapse: torch.nn.Module = (
            torch.nn.Conv2d(shape.in_channels, shape.out_channels, shape.kernel, padding="same")
            if shape.kind == "conv"
            else torch.nn.Linear(shape.inputs, shape.out_channels)
        )
        back = getattr(neuron, "recurrent", None)
        with torch.no_grad():
            for parameter in [*synapse.parameters(), *(back.parameters() if back is not None else ())]:
                # Multiples of 1/64: their sums are exact, in whatever order.
                parameter.copy_(torch.randint(-32, 65, parameter.shape, generator=random) / 64)
        frames = torch.randint(0, 2, (_SAMPLES, _TIMESTEPS, shape.in_channels, *shape.in_size), generator=random)
        synapses = folded_synapses(synapse, None)
        layer = Layer(
            replace(shape, recurrent=back is not None),
            synapses.weights,
            synapses.bias,
            exported_neuron(neuron),
            recurrent=None if back is None else recurrent_synapses(back),
        )
        output = run_layer(
            plan_layer(layer), from_frames(frames.numpy().astype(np.uint8), shape.in_channels), membranes=True
        )
        assert output.membranes is not None
        ours = Run(output.spikes.dense(shape.out_channels, shape.out_size), output.membranes)
        spikes, membranes = [], []
        with torch.inference_mode():
            for frame in frames.transpose(0, 1).float():
                fired, *_, membrane = neuron(synapse(frame.flatten(1) if shape.kind == "fc" else frame))
                spikes.append(fired)
                membranes.append(membrane)
        as_ours = (_SAMPLES, _TIMESTEPS, shape.out_channels, *shape.neuron_size)
        theirs = [torch.stack(values, dim=1).reshape(as_ours).numpy() for values in (spikes, membranes)]
        return ours, Run(theirs[0].astype(np.uint8), theirs[1])

"""Neuron models: what is known of them without torch is what snnTorch does."""

from __future__ import annotations

import math

import pytest
import snntorch
import torch

from spikecast.errors import InputError
from spikecast.neurons import NEURONS, Dynamics, dynamics, neuron_name
from spikecast.testing import NeuronSuite


class TestLeaky(NeuronSuite):
    name = "leaky"
    reference = snntorch.Leaky
    fused = True


class TestLapicque(NeuronSuite):
    name = "lapicque"
    reference = snntorch.Lapicque
    fused = True


class TestRLeaky(NeuronSuite):
    name = "rleaky"
    reference = snntorch.RLeaky

    def measured(self, beta: float, alpha: float) -> Dynamics:  # noqa: ARG002
        """Without a spike nothing but the bias comes back: a linear layer's is drawn, so it is left out here."""
        neuron = snntorch.RLeaky(beta=beta, V=0.5, all_to_all=False, threshold=1e6)
        first, second = (neuron(torch.tensor([[current]]))[-1].item() for current in (0.3, 0.0))
        return Dynamics(gain=first / 0.3, leak=second / first)


class TestSynaptic(NeuronSuite):
    name = "synaptic"
    reference = snntorch.Synaptic

    def measured(self, beta: float, alpha: float) -> Dynamics:
        """The current is still there a timestep later: what the membrane keeps is the rest."""
        neuron = snntorch.Synaptic(alpha=alpha, beta=beta, threshold=1e6)
        first, second = (neuron(torch.tensor([0.3 * scale]))[-1].item() for scale in (1.0, 0.0))
        return Dynamics(gain=first / 0.3, leak=second / first - alpha)


class TestAlpha(NeuronSuite):
    name = "alpha"
    reference = snntorch.Alpha

    def measured(self, beta: float, alpha: float) -> Dynamics:
        """Exciting and inhibiting current cancel in the first timestep; one later the difference of their decays is
        left. Its second decay counts as leak."""
        neuron = snntorch.Alpha(alpha=alpha, beta=beta, threshold=1e6)
        neuron(torch.tensor([0.3]))
        return Dynamics(gain=neuron(torch.tensor([0.0]))[-1].item() / (0.3 * (alpha - beta)), leak=beta)


def test_every_neuron_has_its_suite() -> None:
    assert {suite.name for suite in NeuronSuite.__subclasses__()} >= set(NEURONS)


def test_alpha_needs_the_larger_decay_first() -> None:
    with pytest.raises(InputError, match=r"alpha 0\.4 is not above beta 0\.5: an alpha neuron needs alpha > beta"):
        dynamics("alpha", 0.5, 0.4)


def test_unstable_lapicque_is_refused() -> None:
    dynamics("lapicque", math.exp(-2) + 1e-6, 0.9)
    with pytest.raises(InputError, match=r"beta 0\.13 makes a lapicque neuron unstable"):
        dynamics("lapicque", 0.13, 0.9)


def test_alias_and_unknown_name() -> None:
    assert neuron_name("lif") == "leaky"
    with pytest.raises(InputError, match="unknown neuron 'izhikevich'"):
        neuron_name("izhikevich")

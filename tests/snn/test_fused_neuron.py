"""The fused time loop; that it equals snnTorch is part of the suites of surrogates and neurons."""

from __future__ import annotations

import numpy as np
import torch

from spikecast.accelerator import Neuron
from spikecast.choices import TrainingChoices
from spikecast.events import BinnedSplit
from spikecast.snn.fused import fused_neuron
from spikecast.snn.training import train
from spikecast.surrogates import surrogate
from spikecast.testing.networks import first_layer


def test_gradients_of_another_layout_are_taken() -> None:
    layer = first_layer(TrainingChoices(architecture="6C3-MP2-FC10"))
    currents = torch.randn(4, 3, 6, 8, 8, generator=torch.Generator().manual_seed(0)).requires_grad_()
    spikes, _ = layer.fire(currents)
    weights = torch.randn(4, 3, 8, 8, 6).permute(0, 1, 4, 2, 3)
    spikes.backward(weights)
    reference = currents.detach().clone().requires_grad_()
    layer.step_neurons(reference)[0].backward(weights)
    assert torch.allclose(currents.grad, reference.grad, rtol=1e-5, atol=1e-6)  # type: ignore[arg-type]


def test_training_repeats_itself(small: BinnedSplit) -> None:
    choices = TrainingChoices(epochs=1, architecture="4C3-MP2-FC20")
    first, second = train(choices, small), train(choices, small)
    assert first.losses == second.losses
    assert all(torch.equal(a, b) for a, b in zip(first.network.parameters(), second.network.parameters(), strict=True))


def test_neurons_without_a_fused_form_are_left_to_snntorch() -> None:
    gradient = surrogate("fast_sigmoid", 5)
    assert fused_neuron(Neuron("synaptic", 1, 0.5, 1, "zero", 0.6), gradient) is None
    assert fused_neuron(Neuron("leaky", 1, 0.5, 1, "none"), gradient) is None
    known = fused_neuron(Neuron("leaky", 1, 0.5, 1, "zero"), gradient)
    assert known is not None
    assert known.leak == np.float32(0.5)

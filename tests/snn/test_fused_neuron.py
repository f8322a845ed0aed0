"""The fused time loop against snnTorch's own neurons: equal spikes, equal gradients."""

from __future__ import annotations

import itertools
from typing import cast

import numpy as np
import pytest
import torch

from spikecast.accelerator import Neuron
from spikecast.choices import TrainingChoices
from spikecast.events import BinnedSplit
from spikecast.snn.fused import fused_neuron
from spikecast.snn.network import SpikingLayer, SpikingNetwork
from spikecast.snn.training import train
from spikecast.surrogates import SURROGATES, surrogate

ALL = list(itertools.product(SURROGATES, ("leaky", "lapicque"), ("subtract", "zero")))


def first_layer(choices: TrainingChoices) -> SpikingLayer:
    return SpikingLayer(choices.layers[0], choices, dropout=0.0)


def gradients(layer: SpikingLayer, currents: torch.Tensor, fused: bool) -> tuple[torch.Tensor, ...]:
    """Spikes, membranes, and the gradient of a random weighted sum of the spikes."""
    torch.manual_seed(1)
    leaf = currents.detach().clone(memory_format=torch.preserve_format).requires_grad_()
    spikes, membranes = layer.fire(leaf) if fused else layer.step_neurons(leaf)
    weights = torch.randn(spikes.shape, generator=torch.Generator().manual_seed(2))
    (spikes * weights).sum().backward()
    assert leaf.grad is not None
    return spikes.detach(), membranes.detach(), leaf.grad


@pytest.mark.parametrize(("name", "neuron", "reset"), ALL)
@pytest.mark.parametrize("channels_last", [True, False])
@pytest.mark.parametrize("timesteps", [1, 7])
def test_spikes_and_gradients_equal_snntorch(
    name: str, neuron: str, reset: str, channels_last: bool, timesteps: int
) -> None:
    choices = TrainingChoices(surrogate=name, neuron=neuron, reset=reset, beta=0.6, architecture="6C3-MP2-FC10")
    layer = first_layer(choices)
    maps = torch.randn(timesteps * 3, 6, 9, 9, generator=torch.Generator().manual_seed(0))
    if channels_last:
        maps = maps.contiguous(memory_format=torch.channels_last)
    currents = maps.unflatten(0, (timesteps, 3))
    ours, stock = gradients(layer, currents, fused=True), gradients(layer, currents, fused=False)
    assert 0.02 < ours[0].mean() < 0.8
    assert torch.equal(ours[0], stock[0])
    assert torch.equal(ours[1], stock[1])
    assert torch.allclose(ours[2], stock[2], rtol=1e-5, atol=1e-6 * float(stock[2].abs().max()))


@pytest.mark.parametrize("slope", [0.5, 5.0, 50.0])
@pytest.mark.parametrize("name", SURROGATES)
def test_every_slope(name: str, slope: float) -> None:
    if not SURROGATES[name].has_slope:
        slope = SURROGATES[name].default_slope
    layer = first_layer(TrainingChoices(surrogate=name, slope=slope, beta=0.4, threshold=1.3, architecture="FC10"))
    # More numbers than one block of the compiled loop holds.
    currents = 2 * torch.randn(4, 500, 10, generator=torch.Generator().manual_seed(0))
    ours, stock = gradients(layer, currents, fused=True), gradients(layer, currents, fused=False)
    assert torch.equal(ours[0], stock[0])
    assert torch.allclose(ours[2], stock[2], rtol=1e-5, atol=1e-6 * float(stock[2].abs().max()))


def test_gradients_of_another_layout_are_taken() -> None:
    layer = first_layer(TrainingChoices(architecture="6C3-MP2-FC10"))
    currents = torch.randn(4, 3, 6, 8, 8, generator=torch.Generator().manual_seed(0)).requires_grad_()
    spikes, _ = layer.fire(currents)
    weights = torch.randn(4, 3, 8, 8, 6).permute(0, 1, 4, 2, 3)
    spikes.backward(weights)
    reference = currents.detach().clone().requires_grad_()
    layer.step_neurons(reference)[0].backward(weights)
    assert torch.allclose(currents.grad, reference.grad, rtol=1e-5, atol=1e-6)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "neuron", "reset"), ALL[::3])
def test_whole_networks_have_the_same_gradients(name: str, neuron: str, reset: str, small: BinnedSplit) -> None:
    choices = TrainingChoices(surrogate=name, neuron=neuron, reset=reset, beta=0.6, weight_bits=8)
    frames = torch.tensor(small.train[:8])
    found = []
    for fused in (True, False):
        torch.manual_seed(0)
        network = SpikingNetwork(choices).train()
        assert network.neuron_engine == "fused"
        if not fused:
            for layer in network.layers:
                cast(SpikingLayer, layer).fused = None
            assert network.neuron_engine == "snntorch"
        torch.manual_seed(1)
        network(frames).square().mean().backward()
        found.append([parameter.grad for parameter in network.parameters()])
    for ours, stock in zip(*found, strict=True):
        scale = float(stock.abs().max())
        assert torch.allclose(ours, stock, rtol=1e-4, atol=1e-5 * scale)


def test_training_repeats_itself(small: BinnedSplit) -> None:
    choices = TrainingChoices(epochs=1, architecture="4C3-MP2-FC20")
    first, second = train(choices, small), train(choices, small)
    assert first.losses == second.losses
    assert all(torch.equal(a, b) for a, b in zip(first.network.parameters(), second.network.parameters(), strict=True))


@pytest.mark.parametrize("neuron", ["synaptic", "alpha", "rleaky"])
def test_networks_of_other_neurons_train_and_say_what_stepped_them(neuron: str, small: BinnedSplit) -> None:
    choices = TrainingChoices(neuron=neuron, surrogate="atan", epochs=1, architecture="4C3-MP2-FC20", weight_bits=8)
    training = train(choices, small)
    assert training.network.neuron_engine == "snntorch"
    assert all(bool(parameter.isfinite().all()) for parameter in training.network.parameters())


def test_neurons_without_a_fused_form_are_left_to_snntorch() -> None:
    gradient = surrogate("fast_sigmoid", 5)
    assert fused_neuron(Neuron("synaptic", 1, 0.5, 1, "zero", 0.6), gradient) is None
    assert fused_neuron(Neuron("leaky", 1, 0.5, 1, "none"), gradient) is None
    known = fused_neuron(Neuron("leaky", 1, 0.5, 1, "zero"), gradient)
    assert known is not None
    assert known.leak == np.float32(0.5)

"""From a trained torch network to the network that hardware holds: batch norm folded into weights and bias."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import torch
from torch import nn

from spikecast.accelerator.network import Layer, Network, Neuron
from spikecast.snn.network import SpikingLayer, SpikingNetwork


def export(network: SpikingNetwork) -> Network:
    """Fold and copy a trained network; the torch network is left as it is."""
    return Network(tuple(_export_layer(cast(SpikingLayer, layer)) for layer in network.layers))


def _export_layer(layer: SpikingLayer) -> Layer:
    synapse, norm = cast(Any, layer.synapse), layer.norm
    weights = synapse.weight.detach().double()
    outputs = weights.shape[0]
    bias = torch.zeros(outputs).double() if synapse.bias is None else synapse.bias.detach().double()
    if isinstance(norm, nn.BatchNorm2d):
        assert norm.running_var is not None
        assert norm.running_mean is not None
        scale = norm.weight.detach().double() / torch.sqrt(norm.running_var.double() + norm.eps)
        weights = weights * scale.reshape(-1, *[1] * (weights.dim() - 1))
        bias = norm.bias.detach().double() + (bias - norm.running_mean.double()) * scale
    inputs_first = (1, 2, 3, 0) if layer.shape.kind == "conv" else (1, 0)
    return Layer(
        shape=layer.shape,
        weights=np.ascontiguousarray(weights.permute(*inputs_first).numpy().astype(np.float32)),
        bias=bias.numpy().astype(np.float32),
        neuron=_export_neuron(layer.neuron),
    )


def _export_neuron(neuron: Any) -> Neuron:
    threshold, reset = float(neuron.threshold), neuron.reset_mechanism
    if type(neuron).__name__ == "Leaky":
        return Neuron("leaky", 1.0, float(neuron.beta.clamp(0, 1)), threshold, reset)
    # Computed by torch in float32, so that both sides hold the same constants to the last bit.
    gain = 1 / (neuron.R * neuron.C)
    leak = 1 - neuron.time_step / (neuron.R * neuron.C)
    return Neuron("lapicque", float(gain), float(leak), threshold, reset)

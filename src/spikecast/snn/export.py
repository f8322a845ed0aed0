"""From a trained torch network to the network that hardware holds: batch norm folded into weights and bias."""

from __future__ import annotations

from typing import Any, cast

from torch import nn

from spikecast.accelerator.network import Layer, Network
from spikecast.snn.fold import folded_synapses, recurrent_synapses
from spikecast.snn.network import SpikingLayer, SpikingNetwork
from spikecast.snn.neuron_export import exported_neuron


def export(network: SpikingNetwork) -> Network:
    """Fold and copy a trained network; the torch network is left as it is.

    Weights trained with 4 or 8 bits leave as integers. Batch norm behind them goes into the integers' scale and the
    bias, so that the integers stay what was trained.
    """
    layers = [cast(SpikingLayer, layer) for layer in network.layers]
    return Network(tuple(_export_layer(layer) for layer in layers), weight_bits=layers[0].weight_bits)


def _export_layer(layer: SpikingLayer) -> Layer:
    norm = layer.norm if isinstance(layer.norm, nn.BatchNorm2d) else None
    synapses = folded_synapses(layer.synapse, norm)
    return Layer(
        shape=layer.shape,
        weights=synapses.weights,
        bias=synapses.bias,
        neuron=exported_neuron(layer.neuron),
        scale=synapses.scale,
        recurrent=recurrent_synapses(cast(Any, layer.neuron).recurrent) if layer.shape.recurrent else None,
    )

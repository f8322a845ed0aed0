"""From a trained torch network to the network that hardware holds: batch norm folded into weights and bias.

Weights that were trained as integers leave as integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn.utils import parametrize

from spikecast.accelerator.network import Layer, Network, Recurrent
from spikecast.snn.network import SpikingLayer, SpikingNetwork
from spikecast.snn.neuron_export import exported_neuron
from spikecast.snn.quantize import FakeQuantize


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


@dataclass(frozen=True)
class Synapses:
    """Weights, bias and scale as ``spikecast.accelerator.Layer`` describes them."""

    weights: NDArray[np.float32] | NDArray[np.int8]
    bias: NDArray[np.float32]
    scale: NDArray[np.float32] | None


def folded_synapses(synapse: nn.Module, norm: nn.BatchNorm1d | nn.BatchNorm2d | None) -> Synapses:
    """Fold a Conv2d's or Linear's batch norm (its evaluation statistics) into its weights and bias.

    Batch norm multiplies every output channel by a factor. Float weights take the factor themselves. Weights that
    were quantized in front of batch norm stay the integers they are, and their scale takes it.
    """
    module: Any = synapse
    bias = None if module.bias is None else module.bias.detach().double()
    factor, shift = _norm_terms(norm, module.weight.shape[0])
    folded_bias = shift if bias is None else bias * factor + shift
    quantizer = _quantizer(synapse)
    if quantizer is None:
        weights = module.weight.detach().double()
        weights = (weights * factor.reshape(-1, *[1] * (weights.dim() - 1))).numpy().astype(np.float32)
        scale = None
    else:
        integers, steps = quantizer.integers(module.parametrizations.weight.original.detach())
        weights = integers.numpy()
        scale = (steps.double() * factor).numpy().astype(np.float32)
    return Synapses(_inputs_first(weights), folded_bias.numpy().astype(np.float32), scale)


def recurrent_synapses(back: nn.Module) -> Recurrent:
    """What leads from a layer's spikes back to it, a Conv2d or Linear; quantized weights leave as floats."""
    module: Any = back
    weights = _inputs_first(module.weight.detach().numpy().astype(np.float32))
    bias = torch.zeros(weights.shape[-1]) if module.bias is None else module.bias.detach()
    return Recurrent(weights, bias.numpy().astype(np.float32))


def _norm_terms(norm: nn.BatchNorm1d | nn.BatchNorm2d | None, outputs: int) -> tuple[torch.Tensor, torch.Tensor]:
    """What batch norm multiplies every output channel by, then adds to it."""
    if norm is None:
        return torch.ones(outputs).double(), torch.zeros(outputs).double()
    assert norm.running_var is not None
    assert norm.running_mean is not None
    factor = 1 / torch.sqrt(norm.running_var.detach().double() + norm.eps)
    shift = torch.zeros(outputs).double()
    if norm.affine:
        factor = factor * norm.weight.detach().double()
        shift = norm.bias.detach().double()
    return factor, shift - norm.running_mean.detach().double() * factor


def _quantizer(synapse: nn.Module) -> FakeQuantize | None:
    if not parametrize.is_parametrized(synapse, "weight"):
        return None
    (quantizer,) = synapse.parametrizations["weight"]  # type: ignore[index]
    assert isinstance(quantizer, FakeQuantize)
    return quantizer


def _inputs_first(weights: NDArray[Any]) -> NDArray[Any]:
    """torch puts a weight's output first, hardware its input."""
    return np.ascontiguousarray(weights.transpose(1, 2, 3, 0) if weights.ndim == 4 else weights.T)

"""Post-training quantization: a float network's weights rounded to integers, after batch norm was folded in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from spikecast.accelerator.network import Layer, Network
from spikecast.errors import InputError

WEIGHT_BITS = (4, 8)


def quantized(network: Network, bits: int) -> Network:
    """Round weights to ``bits`` wide signed integers with one scale per output channel, max|w| / (2^(bits-1) - 1).

    The bias is rounded to whole steps of the same scale, since it is added to the same integer sum. Neuron state and
    synapses from a layer to itself stay float.

    Raises:
        InputError: another width, or weights that are integers already.
    """
    if bits not in WEIGHT_BITS:
        raise InputError(f"weight bits {bits} are not allowed: use {' or '.join(map(str, WEIGHT_BITS))}")
    if network.weight_bits != 32:
        raise InputError(f"the network's weights have {network.weight_bits} bits already: quantize a float network")
    return Network(tuple(_quantized_layer(layer, 2 ** (bits - 1) - 1) for layer in network.layers), bits)


def _quantized_layer(layer: Layer, limit: int) -> Layer:
    largest = np.abs(layer.weights).reshape(-1, layer.shape.out_channels).max(axis=0)
    # An output channel without any weight has no scale of its own: one by which its bias stays what it is.
    spare = np.where(layer.bias == 0, np.float32(1), np.abs(layer.bias))
    scale = np.where(largest > 0, largest / np.float32(limit), spare).astype(np.float32)
    return replace(
        layer,
        weights=np.rint(layer.weights / scale).astype(np.int8),
        bias=(np.rint(layer.bias / scale) * scale).astype(np.float32),
        scale=scale,
    )

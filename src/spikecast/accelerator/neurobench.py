"""A simulation's results under NeuroBench's names (neurobench 2.3, as ``Benchmark.run`` returns them)."""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import NDArray

from spikecast.accelerator.engine.plan import taps_met
from spikecast.accelerator.network import Layer, Network
from spikecast.accelerator.simulation import SimulationResult

_BYTES_OF_FLOAT = 4
_BITS_OF_BYTE = 8


def neurobench_results(network: Network, result: SimulationResult, accuracy: float | None = None) -> dict[str, Any]:
    """NeuroBench's metrics of a simulated network.

    Args:
        network: what was simulated.
        result: its simulation.
        accuracy: share of the samples classified right, 0..1, where labels are known.

    Keys:
        Footprint: bytes of weights, scales and biases as the hardware stores them: batch norm is folded and states
            are left out, which NeuroBench counts for a torch module.
        ConnectionSparsity: share of weights that are zero, to four digits.
        ActivationSparsity: share of neurons and timesteps without a spike.
        SynapticOperations: a sample's ``Effective_ACs`` (additions of a weight other than zero that spikes cause),
            ``Effective_MACs`` (none: inputs are spikes) and ``Dense`` (if every input were a spike).
        ClassificationAccuracy: where it is known.
    """
    weights = [weights for layer in network.layers for weights in _weights(layer)]
    zeros = sum(int((values == 0).sum()) for values in weights)
    results: dict[str, Any] = {
        "Footprint": sum(_bytes(layer, network.weight_bits) for layer in network.layers),
        "ConnectionSparsity": round(zeros / sum(values.size for values in weights), 4),
        "ActivationSparsity": result.activation_sparsity,
        "SynapticOperations": {
            "Effective_MACs": 0.0,
            "Effective_ACs": float(result.synaptic_operations.mean()),
            "Dense": float(sum(_dense(layer) for layer in network.layers) * result.trace.timesteps),
        },
    }
    return results if accuracy is None else {**results, "ClassificationAccuracy": accuracy}


def _weights(layer: Layer) -> list[NDArray[Any]]:
    return [layer.weights] if layer.recurrent is None else [layer.weights, layer.recurrent.weights]


def _bytes(layer: Layer, weight_bits: int) -> int:
    stored = layer.weights.size * weight_bits // _BITS_OF_BYTE
    floats = [layer.bias] if layer.scale is None else [layer.bias, layer.scale]
    if layer.recurrent is not None:
        floats += [layer.recurrent.weights, layer.recurrent.bias]
    return stored + _BYTES_OF_FLOAT * sum(values.size for values in floats)


def _dense(layer: Layer) -> int:
    """Additions of one timestep if every input, and every neuron that comes back to its layer, were a spike."""
    shape, back = layer.shape, layer.recurrent
    if shape.kind == "fc":
        return layer.weights.size + (0 if back is None else back.weights.size)
    entering = _taps(shape.in_size, shape.kernel, shape.margin, shape.stride) * shape.in_channels * shape.out_channels
    if back is None:
        return entering
    if back.weights.ndim == 1:
        return entering + shape.neurons
    kernel = back.weights.shape[1]
    return entering + _taps(shape.neuron_size, kernel, kernel // 2, 1) * shape.out_channels**2


def _taps(size: tuple[int, int], kernel: int, margin: int, stride: int) -> int:
    """Kernel taps of one output channel that lie on one input channel's frame."""
    return math.prod(int(taps_met(side, kernel, margin, stride).sum()) for side in size)

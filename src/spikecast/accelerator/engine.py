"""The event-driven engine: one layer, one sample, spike by spike, compiled.

Every input spike adds the weights it reaches to the currents; then all neurons are swept once per timestep.
So the cost of synapses grows with spikes. Arithmetic is float32 in the order of snnTorch's own code; currents
are summed in another order than torch sums them, so they may differ in the last bits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.compiled import compiled
from spikecast.accelerator.network import Layer
from spikecast.accelerator.spike_lists import SpikeLists, joined

_LEAKY_SUBTRACT, _LEAKY_ZERO, _LAPICQUE_SUBTRACT, _LAPICQUE_ZERO = range(4)
_RULES = {
    ("leaky", "subtract"): _LEAKY_SUBTRACT,
    ("leaky", "zero"): _LEAKY_ZERO,
    ("lapicque", "subtract"): _LAPICQUE_SUBTRACT,
    ("lapicque", "zero"): _LAPICQUE_ZERO,
}


def run_layer(layer: Layer, inputs: SpikeLists) -> tuple[SpikeLists, NDArray[np.int64]]:
    """Run all samples through one layer.

    Returns:
        The layer's output spikes behind its pool, and int64[samples, timesteps]: spikes its neurons fired
        before the pool.
    """
    neuron = layer.neuron
    rule = _RULES[neuron.model, neuron.reset]
    constants = np.array([neuron.gain, neuron.leak, neuron.threshold], dtype=np.float32)
    outputs, fired = [], np.empty((inputs.samples, inputs.timesteps), dtype=np.int64)
    for sample, starts in enumerate(inputs.starts):
        if layer.shape.kind == "conv":
            height, width = layer.shape.in_size
            positions, ends, fired[sample] = _conv(
                inputs.positions,
                starts,
                layer.weights,
                layer.bias,
                height,
                width,
                layer.shape.pool,
                rule,
                constants,
            )
        else:
            positions, ends, fired[sample] = _fc(inputs.positions, starts, layer.weights, layer.bias, rule, constants)
        outputs.append((positions, ends))
    return joined(outputs), fired


@compiled
def _membrane(rule: int, constants: NDArray[np.float32], before: np.float32, current: np.float32) -> np.float32:
    gain, leak, threshold = constants[0], constants[1], constants[2]
    one = np.float32(1.0)
    reset = one if before - threshold > 0 else np.float32(0.0)
    if rule == _LEAKY_SUBTRACT:
        membrane = (leak * before + current) - reset * threshold
    elif rule == _LEAKY_ZERO:
        membrane = leak * ((one - reset) * before) + current
    else:
        membrane = current * gain + leak * before
        membrane -= reset * (threshold if rule == _LAPICQUE_SUBTRACT else membrane)
    return np.float32(membrane)


@compiled
def _conv(
    positions: NDArray[np.int32],
    starts: NDArray[np.int64],
    weights: NDArray[np.float32],
    bias: NDArray[np.float32],
    height: int,
    width: int,
    pool: int,
    rule: int,
    constants: NDArray[np.float32],
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    timesteps, frame = len(starts) - 1, height * width
    kernel, channels = weights.shape[1], weights.shape[3]
    margin = kernel // 2
    # A margin of neurons that nothing reads lets every spike add its whole kernel without border tests.
    currents = np.zeros((height + 2 * margin, width + 2 * margin, channels), np.float32)
    membranes = np.zeros((height, width, channels), np.float32)
    out_height, out_width = height // pool, width // pool
    out_frame = out_height * out_width
    out = np.empty(timesteps * channels * out_frame, np.int32)
    ends = np.zeros(timesteps + 1, np.int64)
    fired = np.zeros(timesteps, np.int64)
    pooled = np.zeros((channels, out_height, out_width), np.bool_)
    listed = 0
    for t in range(timesteps):
        currents[:] = 0.0
        for spike in range(starts[t], starts[t + 1]):
            channel, pixel = divmod(positions[spike], frame)
            row, column = divmod(pixel, width)
            for ky in range(kernel):
                for kx in range(kernel):
                    target = currents[row + 2 * margin - ky, column + 2 * margin - kx]
                    tap = weights[channel, ky, kx]
                    for k in range(channels):
                        target[k] += tap[k]
        pooled[:] = False
        for row in range(height):
            for column in range(width):
                for k in range(channels):
                    current = currents[row + margin, column + margin, k] + bias[k]
                    membrane = _membrane(rule, constants, membranes[row, column, k], current)
                    membranes[row, column, k] = membrane
                    if membrane - constants[2] > 0:
                        fired[t] += 1
                        if row < out_height * pool and column < out_width * pool:
                            pooled[k, row // pool, column // pool] = True
        flat = pooled.reshape(-1)
        for position in range(flat.size):
            if flat[position]:
                out[listed] = position
                listed += 1
        ends[t + 1] = listed
    return out[:listed].copy(), ends, fired


@compiled
def _fc(
    positions: NDArray[np.int32],
    starts: NDArray[np.int64],
    weights: NDArray[np.float32],
    bias: NDArray[np.float32],
    rule: int,
    constants: NDArray[np.float32],
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    timesteps, neurons = len(starts) - 1, weights.shape[1]
    currents = np.zeros(neurons, np.float32)
    membranes = np.zeros(neurons, np.float32)
    out = np.empty(timesteps * neurons, np.int32)
    ends = np.zeros(timesteps + 1, np.int64)
    fired = np.zeros(timesteps, np.int64)
    listed = 0
    for t in range(timesteps):
        currents[:] = 0.0
        for spike in range(starts[t], starts[t + 1]):
            reached = weights[positions[spike]]
            for k in range(neurons):
                currents[k] += reached[k]
        for k in range(neurons):
            membranes[k] = _membrane(rule, constants, membranes[k], currents[k] + bias[k])
            if membranes[k] - constants[2] > 0:
                out[listed] = k
                listed += 1
        ends[t + 1] = listed
        fired[t] = listed - ends[t]
    return out[:listed].copy(), ends, fired

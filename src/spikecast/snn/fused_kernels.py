"""The time loop of leaky and lapicque neurons, forwards and backwards, compiled.

All arrays are [timesteps, numbers]: every number is one neuron of one sample. The loop goes over blocks of neurons
first, so that a block's state stays near the processor through all timesteps. The order of float32 operations is that
of snnTorch 1.0.0, so that spikes are equal to the last bit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.engine.neurons import CLEAR_AFTER, CLEAR_BEFORE, SUBTRACT
from spikecast.compiled import compiled

#: Where dS/dU comes from: a formula below, or numbers that are given.
FAST_SIGMOID, ATAN, GIVEN = range(3)
_BLOCK = 4096
_ZERO, _ONE, _TWO = np.float32(0), np.float32(1), np.float32(2)


class FusedNeuron(NamedTuple):
    """U = gain I + leak U' before reset; dS/dU by ``gradient`` with ``slope``."""

    gain: np.float32
    leak: np.float32
    threshold: np.float32
    reset: int
    gradient: int
    slope: np.float32


@compiled
def run_forward(
    neuron: FusedNeuron,
    currents: NDArray[np.float32],
    membranes: NDArray[np.float32],
    spikes: NDArray[np.float32],
) -> None:
    """Fill ``membranes`` (as they decide to fire) and ``spikes`` (0 or 1)."""
    timesteps, numbers = currents.shape
    nothing = np.zeros(min(_BLOCK, numbers), np.float32)
    for start in range(0, numbers, _BLOCK):
        stop = min(start + _BLOCK, numbers)
        for t in range(timesteps):
            before = membranes[t - 1, start:stop] if t > 0 else nothing[: stop - start]
            step(neuron, before, currents[t, start:stop], membranes[t, start:stop], spikes[t, start:stop])


@compiled
def run_backward(
    neuron: FusedNeuron,
    membranes: NDArray[np.float32],
    given: NDArray[np.float32],
    spike_gradients: NDArray[np.float32],
    current_gradients: NDArray[np.float32],
) -> None:
    """Fill ``current_gradients`` from ``spike_gradients``; the reset carries none, as in snnTorch.

    ``given`` is dS/dU where ``neuron.gradient`` says so, and is not looked at otherwise.
    """
    timesteps, numbers = membranes.shape
    scratch, carried = np.empty(min(_BLOCK, numbers), np.float32), np.empty(min(_BLOCK, numbers), np.float32)
    for start in range(0, numbers, _BLOCK):
        stop = min(start + _BLOCK, numbers)
        carried[:] = 0
        for t in range(timesteps - 1, -1, -1):
            step_back(
                neuron,
                membranes[t - 1, start:stop] if t > 0 else membranes[0, :0],
                membranes[t, start:stop],
                given[t, start:stop],
                spike_gradients[t, start:stop],
                carried[: stop - start],
                scratch[: stop - start],
                current_gradients[t, start:stop],
            )


@compiled
def step(
    neuron: FusedNeuron,
    before: NDArray[np.float32],
    current: NDArray[np.float32],
    membrane: NDArray[np.float32],
    fired: NDArray[np.float32],
) -> None:
    """One timestep of a row of neurons, from the membranes ``before``."""
    gain, leak, threshold = neuron.gain, neuron.leak, neuron.threshold
    subtract, clear_before, clear_after = (
        neuron.reset == SUBTRACT,
        neuron.reset == CLEAR_BEFORE,
        neuron.reset == CLEAR_AFTER,
    )
    for j in range(len(membrane)):
        spiked = before[j] > threshold
        kept = _ZERO if spiked and clear_before else before[j]
        after = leak * kept + gain * current[j]
        if spiked:
            after = after - threshold if subtract else (_ZERO if clear_after else after)
        membrane[j] = after
        fired[j] = _ONE if after > threshold else _ZERO


@compiled
def step_back(
    neuron: FusedNeuron,
    before: NDArray[np.float32],
    membrane: NDArray[np.float32],
    given: NDArray[np.float32],
    arriving: NDArray[np.float32],
    carried: NDArray[np.float32],
    scratch: NDArray[np.float32],
    leaving: NDArray[np.float32],
) -> None:
    """One timestep of a row of neurons, backwards.

    Takes the gradients of its spikes, ``arriving``, and what the timestep behind ``carried`` back; gives those of its
    currents, ``leaving``, and what it carries on. ``before`` is empty in the first timestep.
    """
    gain, leak, threshold, slope = neuron.gain, neuron.leak, neuron.threshold, neuron.slope
    if neuron.gradient == FAST_SIGMOID:
        for j in range(len(membrane)):
            width = slope * abs(membrane[j] - threshold) + _ONE
            scratch[j] = arriving[j] / (width * width)
    elif neuron.gradient == ATAN:
        bend = np.float32(np.pi) / _TWO * slope
        for j in range(len(membrane)):
            x = bend * (membrane[j] - threshold)
            scratch[j] = slope / _TWO / (_ONE + x * x) * arriving[j]
    else:
        for j in range(len(membrane)):
            scratch[j] = given[j] * arriving[j]
    for j in range(len(membrane)):
        total = scratch[j] + carried[j]
        leaving[j] = gain * total
        carried[j] = leak * total
    # A neuron that spiked one timestep before was reset in this one: nothing of it went through.
    if neuron.reset != SUBTRACT and len(before) > 0:
        clear_after = neuron.reset == CLEAR_AFTER
        for j in range(len(before)):
            spiked = before[j] > threshold
            carried[j] = _ZERO if spiked else carried[j]
            leaving[j] = _ZERO if spiked and clear_after else leaving[j]

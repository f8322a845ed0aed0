"""Leaky and lapicque neurons over all timesteps as one autograd function: snnTorch's spikes and gradients, faster.

Where it does not apply, ``fused_neuron`` says so and the network steps snnTorch's own neurons.

The time loop is compiled, forwards and backwards. Its arrays are [timesteps, numbers]: every number is one neuron of
one sample. The loop goes over blocks of neurons first, so that a block's state stays near the processor through all
timesteps. The order of float32 operations is that of snnTorch 1.0.0, so that spikes are equal to the last bit.
"""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import numpy as np
import torch
from numpy.typing import NDArray

from spikecast._util.compiled import compiled
from spikecast.accelerator.engine.neurons import CLEAR_AFTER, CLEAR_BEFORE, SUBTRACT, neuron_code
from spikecast.accelerator.network import Neuron
from spikecast.snn.neurons import gradient_of
from spikecast.surrogates import ATan, FastSigmoid, Surrogate

#: Where dS/dU comes from: a formula below, or numbers that are given.
FAST_SIGMOID, ATAN, GIVEN = range(3)
#: Gradients that the compiled loop has a formula for; torch gives it the others.
_FORMULAS: dict[type[Surrogate], int] = {FastSigmoid: FAST_SIGMOID, ATan: ATAN}
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


def fused_neuron(neuron: Neuron, surrogate: Surrogate) -> FusedNeuron | None:
    """What the fused function needs of a neuron and its surrogate, or None where there is none for that neuron."""
    if neuron.model not in ("leaky", "lapicque") or neuron.reset == "none":
        return None
    code = neuron_code(neuron)
    return FusedNeuron(
        gain=code.gain,
        leak=code.leak,
        threshold=code.threshold,
        reset=code.reset,
        gradient=_FORMULAS.get(type(surrogate), GIVEN),
        slope=np.float32(surrogate.slope),
    )


def fire(currents: torch.Tensor, neuron: FusedNeuron, surrogate: Surrogate) -> tuple[torch.Tensor, torch.Tensor]:
    """Spikes and membranes, both [timesteps, samples, ...], of currents [timesteps, samples, ...]; state starts at 0.

    Gradients flow through the spikes alone.
    """
    spikes, membranes = cast(Any, _Fire).apply(currents, neuron, surrogate)
    return spikes, membranes


class _Fire(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, currents: torch.Tensor, neuron: FusedNeuron, surrogate: Surrogate
    ) -> tuple[torch.Tensor, torch.Tensor]:
        currents = _time_outermost(currents)
        spikes, membranes = torch.empty_like(currents), torch.empty_like(currents)
        run_forward(neuron, _rows(currents), _rows(membranes), _rows(spikes))
        ctx.save_for_backward(membranes)
        ctx.neuron, ctx.surrogate = neuron, surrogate
        ctx.mark_non_differentiable(membranes)
        ctx.set_materialize_grads(False)
        return spikes, membranes

    @staticmethod
    def backward(ctx: Any, spike_gradients: torch.Tensor, _: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        (membranes,) = ctx.saved_tensors
        if spike_gradients.stride() != membranes.stride():
            spike_gradients = torch.empty_like(membranes).copy_(spike_gradients)
        current_gradients = torch.empty_like(membranes)
        given = _given_steepness(membranes, ctx.neuron, ctx.surrogate)
        run_backward(ctx.neuron, _rows(membranes), _rows(given), _rows(spike_gradients), _rows(current_gradients))
        return current_gradients, None, None


def _given_steepness(membranes: torch.Tensor, neuron: FusedNeuron, surrogate: Surrogate) -> torch.Tensor:
    """dS/dU where the compiled loop has no formula, since torch computes it faster or draws it; else not looked at."""
    if neuron.gradient != GIVEN:
        return membranes
    gradient, given = gradient_of(surrogate), torch.empty_like(membranes)
    # One timestep at a time, the last first: so snnTorch's own backward pass draws what is random.
    for t in reversed(range(len(membranes))):
        given[t] = gradient(membranes[t] - float(neuron.threshold))
    return given


def _time_outermost(values: torch.Tensor) -> torch.Tensor:
    """Equal values, laid out so that each timestep is one stretch of memory, in whatever order within it."""
    step = values[0]
    dense = step.numel() == 1 + sum((size - 1) * stride for size, stride in zip(step.shape, step.stride(), strict=True))
    return values if dense and values.stride(0) == step.numel() else values.contiguous()


def _rows(values: torch.Tensor) -> NDArray[np.float32]:
    """A timestep's numbers as one row, in the order of memory, without a copy."""
    size = values[0].numel()
    rows = values.detach().as_strided((len(values), size), (size, 1)).numpy()
    return cast("NDArray[np.float32]", rows)


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

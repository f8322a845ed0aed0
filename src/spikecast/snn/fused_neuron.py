"""Leaky and lapicque neurons over all timesteps as one autograd function: snnTorch's spikes and gradients, faster.

Where it does not apply, ``fused_neuron`` says so and the network steps snnTorch's own neurons.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray

from spikecast.accelerator.engine.neurons import neuron_code
from spikecast.accelerator.network import Neuron
from spikecast.snn.fused_kernels import (
    ATAN,
    FAST_SIGMOID,
    GIVEN,
    FusedNeuron,
    run_backward,
    run_forward,
)
from spikecast.snn.spike_functions import gradient_of
from spikecast.surrogates import ATan, FastSigmoid, Surrogate

#: Gradients that the compiled loop has a formula for; torch gives it the others.
_FORMULAS: dict[type[Surrogate], int] = {FastSigmoid: FAST_SIGMOID, ATan: ATAN}


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
    """The same values where each timestep is one stretch of memory, in whatever order within it."""
    step = values[0]
    dense = step.numel() == 1 + sum((size - 1) * stride for size, stride in zip(step.shape, step.stride(), strict=True))
    return values if dense and values.stride(0) == step.numel() else values.contiguous()


def _rows(values: torch.Tensor) -> NDArray[np.float32]:
    """A timestep's numbers as one row, in the order of memory, without a copy."""
    size = values[0].numel()
    rows = values.detach().as_strided((len(values), size), (size, 1)).numpy()
    return cast("NDArray[np.float32]", rows)

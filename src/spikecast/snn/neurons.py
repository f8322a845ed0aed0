"""Neuron models as snnTorch modules, and the surrogate gradients that they are trained with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import snntorch
import torch
from snntorch import surrogate as snntorch_surrogate
from torch import nn

from spikecast.architecture import LayerShape
from spikecast.choices import TrainingChoices
from spikecast.neurons import WITH_ALPHA
from spikecast.snn.quantize import quantize_weights
from spikecast.surrogates import (
    ATan,
    FastSigmoid,
    LeakySpikeOperator,
    Sigmoid,
    SparseFastSigmoid,
    SpikeRateEscape,
    StochasticSpikeOperator,
    StraightThroughEstimator,
    Surrogate,
    Triangular,
    surrogate,
)

#: Values x = U - threshold to the step x > 0, or to dS/dU.
SpikeFunction = Callable[[torch.Tensor], torch.Tensor]
#: Width of the kernel through which a convolution's own spikes come back to it.
RECURRENT_KERNEL = 3
_MODELS = {
    "leaky": snntorch.Leaky,
    "lapicque": snntorch.Lapicque,
    "synaptic": snntorch.Synaptic,
    "alpha": snntorch.Alpha,
    "rleaky": snntorch.RLeaky,
}


def spiking_neuron(choices: TrainingChoices, shape: LayerShape) -> nn.Module:
    """One layer's neurons: ``module(current)`` steps them by one timestep and gives (spikes, ..., membrane)."""
    settings: dict[str, Any] = {"alpha": choices.alpha} if choices.neuron in WITH_ALPHA else {}
    if shape.recurrent and shape.kind == "conv":
        settings |= {"conv2d_channels": shape.out_channels, "kernel_size": RECURRENT_KERNEL}
    elif shape.recurrent:
        settings |= {"linear_features": shape.out_channels}
    neuron: nn.Module = _MODELS[choices.neuron](
        beta=choices.beta,
        threshold=choices.threshold,
        reset_mechanism=choices.reset,
        spike_grad=spike_function(surrogate(choices.surrogate, choices.slope)),
        **settings,
    )
    if shape.recurrent and choices.weight_bits < 32:
        quantize_weights(cast(nn.Module, neuron.recurrent), choices.weight_bits)
    # snnTorch keeps every neuron ever made in a class list: a long-lived worker would never free a network.
    snntorch.SpikingNeuron.instances.pop()
    return neuron


def spike_function(surrogate: Surrogate) -> SpikeFunction:
    """The step x > 0 with the gradient of ``surrogate``: snnTorch's function, or our own where its own fails.

    The stochastic spike operator draws from torch's global generator: seed it.
    """
    slope = surrogate.slope
    makers: dict[type[Surrogate], Callable[[], SpikeFunction]] = {
        FastSigmoid: lambda: snntorch_surrogate.fast_sigmoid(slope=slope),
        ATan: lambda: snntorch_surrogate.atan(alpha=slope),
        SpikeRateEscape: lambda: snntorch_surrogate.spike_rate_escape(beta=slope, slope=SpikeRateEscape.scale),
        StochasticSpikeOperator: lambda: snntorch_surrogate.SSO(mean=0, variance=slope),
        # snnTorch's gives NaN far below the threshold.
        Sigmoid: lambda: _step_with(gradient_of(surrogate)),
        SparseFastSigmoid: lambda: snntorch_surrogate.SFS(slope=slope, B=SparseFastSigmoid.centre),
        StraightThroughEstimator: snntorch_surrogate.straight_through_estimator,
        Triangular: lambda: snntorch_surrogate.triangular(threshold=slope),
        # snnTorch's backward pass raises an error.
        LeakySpikeOperator: lambda: _step_with(gradient_of(surrogate)),
    }
    return makers[type(surrogate)]()


def gradient_of(surrogate: Surrogate) -> SpikeFunction:
    """dS/dU at x = U - threshold, as snnTorch 1.0.0's backward passes compute it.

    The stochastic spike operator's is drawn anew at every call.
    """
    slope = surrogate.slope
    formulas: dict[type[Surrogate], SpikeFunction] = {
        FastSigmoid: lambda x: (slope * x.abs() + 1.0).square().reciprocal(),
        ATan: lambda x: slope / 2 / (1 + (torch.pi / 2 * slope * x).square()),
        SpikeRateEscape: lambda x: (x - 1).abs_().mul_(-slope).exp_().mul_(SpikeRateEscape.scale),
        StochasticSpikeOperator: lambda x: torch.where(x > 0, 1.0, (torch.rand_like(x) - 0.5) * slope),
        Sigmoid: lambda x: _sigmoid_gradient(x, slope),
        SparseFastSigmoid: lambda x: (x > SparseFastSigmoid.centre) / (slope * x.abs() + 1.0).square(),
        StraightThroughEstimator: torch.ones_like,
        Triangular: lambda x: torch.where(x >= 0, -slope, slope),
        LeakySpikeOperator: lambda x: torch.where(x > 0, 1.0, slope),
    }
    return formulas[type(surrogate)]


def _sigmoid_gradient(x: torch.Tensor, slope: float) -> torch.Tensor:
    rising = torch.sigmoid(slope * x)
    # 1 - rising would lose its digits where rising is near 1; the gradient is the same on both sides.
    return slope * rising * torch.sigmoid(-slope * x)


def _step_with(gradient: SpikeFunction) -> SpikeFunction:
    def step(x: torch.Tensor) -> torch.Tensor:
        return cast(torch.Tensor, cast(Any, _Step).apply(x, gradient))

    return step


class _Step(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, gradient: SpikeFunction) -> torch.Tensor:
        ctx.save_for_backward(x)
        ctx.gradient = gradient
        return (x > 0).to(x.dtype)

    @staticmethod
    def backward(ctx: Any, arriving: torch.Tensor) -> tuple[torch.Tensor, None]:
        (x,) = ctx.saved_tensors
        return arriving * ctx.gradient(x), None

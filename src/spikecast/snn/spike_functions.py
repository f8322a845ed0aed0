"""Surrogates as snnTorch functions."""

from __future__ import annotations

from collections.abc import Callable

import torch
from snntorch import surrogate as snntorch_surrogate

from spikecast.surrogates import (
    ATan,
    FastSigmoid,
    SpikeRateEscape,
    StochasticSpikeOperator,
    Surrogate,
)

SpikeFunction = Callable[[torch.Tensor], torch.Tensor]


def spike_function(surrogate: Surrogate) -> SpikeFunction:
    """The step x > 0 with the gradient of ``surrogate``.

    The stochastic spike operator draws from torch's global generator: seed it.
    """
    slope = surrogate.slope
    makers: dict[type[Surrogate], Callable[[], SpikeFunction]] = {
        FastSigmoid: lambda: snntorch_surrogate.fast_sigmoid(slope=slope),
        ATan: lambda: snntorch_surrogate.atan(alpha=slope),
        SpikeRateEscape: lambda: snntorch_surrogate.spike_rate_escape(beta=slope, slope=SpikeRateEscape.scale),
        StochasticSpikeOperator: lambda: snntorch_surrogate.SSO(mean=0, variance=slope),
    }
    return makers[type(surrogate)]()

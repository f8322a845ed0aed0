"""Surrogate gradients in NumPy: dS/dU of many membranes, as training has it in torch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from spikecast._util.arrays import Floats
from spikecast.predictor.probe.initial_weights import TorchDraws
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
)


def steepness(surrogate: Surrogate, x: Floats, draws: TorchDraws) -> Floats:
    """dS/dU, float32 of the shape of ``x``.

    Args:
        surrogate: the surrogate gradient.
        x: float32[channels, samples, height, width], U - threshold in one timestep; it is written over.
        draws: what the stochastic spike operator takes its noise from, sample by sample as torch does.
    """
    slope = np.float32(surrogate.slope)
    formulas: dict[type[Surrogate], Callable[[], Floats]] = {
        FastSigmoid: lambda: _fast_sigmoid(x, slope),
        ATan: lambda: _atan(x, slope),
        SpikeRateEscape: lambda: np.float32(SpikeRateEscape.scale) * np.exp(-slope * np.abs(x - np.float32(1))),
        StochasticSpikeOperator: lambda: np.where(x > 0, np.float32(1), _noise(x, slope, draws)),
        Sigmoid: lambda: _sigmoid(x, slope),
        SparseFastSigmoid: lambda: (x > SparseFastSigmoid.centre) * _fast_sigmoid(x.copy(), slope),
        StraightThroughEstimator: lambda: np.ones_like(x),
        Triangular: lambda: np.where(x >= 0, -slope, slope),
        LeakySpikeOperator: lambda: np.where(x > 0, np.float32(1), slope),
    }
    return formulas[type(surrogate)]()


def _fast_sigmoid(x: Floats, slope: np.float32) -> Floats:
    np.abs(x, out=x)
    x *= slope
    x += np.float32(1)
    x *= x
    return np.reciprocal(x, out=x)


def _atan(x: Floats, slope: np.float32) -> Floats:
    x *= np.float32(np.pi / 2) * slope
    x *= x
    x += np.float32(1)
    return np.divide(slope / np.float32(2), x, out=x)


def _sigmoid(x: Floats, slope: np.float32) -> Floats:
    # Alike on both sides of the threshold, and far from it nothing overflows.
    falling = np.exp(-slope * np.abs(x))
    return np.asarray(slope * falling / np.square(np.float32(1) + falling), np.float32)


def _noise(x: Floats, slope: np.float32, draws: TorchDraws) -> Floats:
    channels, samples, height, width = x.shape
    drawn = draws.uniform((samples, channels, height, width), 0.0, 1.0).transpose(1, 0, 2, 3)
    noise: Floats = (drawn - np.float32(0.5)) * slope
    return noise

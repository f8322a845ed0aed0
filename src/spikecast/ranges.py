"""Numeric choices as lines from 0 to 1, and points that fill several such lines evenly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array

_SIGNIFICANT_DIGITS = 3


@dataclass(frozen=True)
class Numbers:
    """A numeric choice between two values.

    Attributes:
        low, high: its ends, ``low`` below ``high``.
        log: equal steps of a share are equal ratios, not equal differences; both ends are above 0.
        whole: whole numbers alone.
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def at(self, shares: Array) -> NDArray[Any]:
        """The values at ``shares`` (0..1) of the range, to three significant digits, none beyond an end."""
        values = self.rounded(shares)
        return values if self.whole else values.clip(self.low, self.high)

    def rounded(self, shares: Array) -> NDArray[Any]:
        """The values at ``shares`` (0..1), to three digits: near an end that has more digits, one may pass it."""
        low, high = (math.log(end) if self.log else end for end in (self.low, self.high))
        evenly = low + (high - low) * shares
        values = np.exp(evenly) if self.log else evenly
        if self.whole:
            return np.array([round(value) for value in values])
        return np.array([float(f"{value:.{_SIGNIFICANT_DIGITS}g}") for value in values])

    def shares_of(self, values: NDArray[Any]) -> Array:
        """Where values lie on the range, 0..1."""
        low, high, at = (np.log(x) if self.log else np.asarray(x, float) for x in (self.low, self.high, values))
        shares: Array = (at - low) / (high - low)
        return shares


def sobol(dimensions: int, exponent: int, seed: int) -> Array:
    """float64[2**exponent, dimensions], 0..1: a scrambled Sobol sequence.

    A shorter sequence of the same seed is the beginning of a longer one.
    """
    from scipy.stats import qmc

    points: Array = qmc.Sobol(dimensions, rng=seed).random_base2(exponent)
    return points

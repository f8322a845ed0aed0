"""Conformal intervals: widths from errors on held-out configurations, without assumptions on their shape."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

#: Nominal coverage of every interval.
COVERAGE = 0.9


def half_width(residuals: NDArray[np.float64]) -> float:
    """Half width of an interval that covers a new value with probability COVERAGE.

    Args:
        residuals: measured minus predicted, each predicted without its own configuration.
    """
    ordered = np.sort(np.abs(residuals))
    rank = math.ceil((len(ordered) + 1) * COVERAGE)
    return float(ordered[min(rank, len(ordered)) - 1])

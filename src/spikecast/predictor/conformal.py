"""Conformal intervals: widths from errors on held-out configurations, without assumptions on their shape."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

#: Nominal coverage of every interval.
COVERAGE = 0.9
#: Residuals of all other groups count together as this many of a group's own.
_OTHERS = 10.0
#: Where nine of ten residuals are 0, a group's width still divides.
_LEAST = 1e-12


def half_width(residuals: NDArray[np.float64]) -> float:
    """Half width of an interval that covers a new value with probability COVERAGE.

    Args:
        residuals: measured minus predicted, each predicted without its own configuration.
    """
    ordered = np.sort(np.abs(residuals))
    rank = math.ceil((len(ordered) + 1) * COVERAGE)
    return float(ordered[min(rank, len(ordered)) - 1])


def half_width_within(residuals: NDArray[np.float64], group: NDArray[np.bool_]) -> float:
    """The same for new values of one group, of which there may be too few to say.

    Args:
        residuals: of everything.
        group: bool[residuals], which belong to the group. The others keep its width from resting on a few.
    """
    others = len(group) - group.sum()
    weights = np.where(group, 1.0, _OTHERS / max(others, 1))
    order = np.argsort(np.abs(residuals), kind="stable")
    reached = np.cumsum(weights[order])
    place = min(int(np.searchsorted(reached, COVERAGE * reached[-1])), len(order) - 1)
    return max(float(np.abs(residuals[order[place]])), _LEAST)

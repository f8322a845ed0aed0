"""How wide a target's intervals are: from errors on held-out configurations, without assumptions on their shape.

Such intervals are called conformal.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.predictor.domain import Outside

#: Nominal coverage of every interval.
COVERAGE = 0.9
#: Residuals of all other groups count together as this many of a group's own.
_OTHERS = 10.0
#: Where nine of ten residuals are 0, a group's width still divides.
_LEAST = 1e-12


#: Choices whose values have their own widths: predictions about one are not covered at the cost of another.
_GROUPINGS = ("neuron", "surrogate")


@dataclass(frozen=True)
class Widths:
    """What the half widths of a target's intervals are made of, on its learning scale.

    Attributes:
        factor: half widths in standard deviations.
        ignorance: the half width that would do if nothing but the network's structure were known; the interval of a
            question outside the domain is at least as wide.
        within: by choice and its value, what ``factor`` is multiplied with.
        unseen: by choice, the least half width for values that were never measured.
    """

    factor: float
    ignorance: float
    within: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    unseen: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def fit(
        cls, scores: Array, columns: Mapping[str, NDArray[Any]], ignorance: float, unseen: Mapping[str, float]
    ) -> Self:
        """From errors in standard deviations, float64[rows], of held-out rows with these choices."""
        within = {}
        for name in _GROUPINGS:
            own = {str(value): half_width_within(scores, columns[name] == value) for value in np.unique(columns[name])}
            scores = scores / _of_each(own, columns[name])
            within[name] = own
        return cls(half_width(scores), ignorance, within, unseen)

    def half_widths(self, deviations: Array, columns: Mapping[str, NDArray[Any]], outside: Outside) -> Array:
        """float64[questions, ...], from standard deviations of the same shape.

        Args:
            deviations: what a model says of its own error.
            columns: the questions' choices.
            outside: what of them lies outside the domain.
        """
        factors = np.full(len(outside.anyhow), self.factor)
        for name, own in self.within.items():
            factors *= _of_each(own, columns[name])
        tail = (1,) * (deviations.ndim - 1)
        least = np.where(outside.anyhow, self.ignorance, 0.0)
        for name, width in self.unseen.items():
            np.maximum(least, width, out=least, where=outside.unseen[name])
        widened: Array = np.maximum(deviations * factors.reshape(-1, *tail), least.reshape(-1, *tail))
        return widened


def half_width(residuals: NDArray[np.float64]) -> float:
    """Half width of an interval that covers a new value with probability COVERAGE.

    Args:
        residuals: measured minus predicted, each predicted without its own configuration.
    """
    ordered = np.sort(np.abs(residuals))
    rank = math.ceil((len(ordered) + 1) * COVERAGE)
    return float(ordered[min(rank, len(ordered)) - 1])


def half_width_within(residuals: NDArray[np.float64], group: NDArray[np.bool_]) -> float:
    """Half width of an interval that covers a new value of one group, of which there may be too few to say.

    Args:
        residuals: of everything, measured minus predicted, each predicted without its own configuration.
        group: bool[residuals], which belong to the group. The others keep its width from resting on a few.
    """
    others = len(group) - group.sum()
    weights = np.where(group, 1.0, _OTHERS / max(others, 1))
    order = np.argsort(np.abs(residuals), kind="stable")
    reached = np.cumsum(weights[order])
    place = min(int(np.searchsorted(reached, COVERAGE * reached[-1])), len(order) - 1)
    return max(float(np.abs(residuals[order[place]])), _LEAST)


def _of_each(own: Mapping[str, float], values: NDArray[Any]) -> Array:
    """float64[values]; 1 for a value that was never measured."""
    return np.array([own.get(value, 1.0) for value in values.tolist()])

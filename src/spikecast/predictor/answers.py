"""Many answers at once, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikecast.predictor.prediction import Interval

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """What a predictor says of N questions; row i of every array is the answer to question i.

    Attributes:
        intervals: by target, float64[N, 3]: value, low, high, in the target's unit.
        layer_sparsity: float64[N, layers, 3]; NaN where a network has no such layer, here and below.
        entering: float64[N, layers], spikes a sample that enter each layer.
        layer_cycles: float64[N, layers].
        statuses: outcomes, and ``outcomes`` float64[N, statuses] their probabilities.
        reasons: why each question lies outside of what was measured; empty if inside.
    """

    intervals: dict[str, Array]
    layer_sparsity: Array
    entering: Array
    layer_cycles: Array
    statuses: tuple[str, ...]
    outcomes: Array
    reasons: list[tuple[str, ...]]

    def take(self, rows: NDArray[np.int64]) -> Answers:
        """Some of the answers, by position."""
        return Answers(
            {name: interval[rows] for name, interval in self.intervals.items()},
            self.layer_sparsity[rows],
            self.entering[rows],
            self.layer_cycles[rows],
            self.statuses,
            self.outcomes[rows],
            [self.reasons[row] for row in rows],
        )

    def interval(self, target: str, row: int) -> Interval:
        """One target's interval of one answer."""
        return Interval(*self.intervals[target][row].tolist())

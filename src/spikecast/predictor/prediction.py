"""What a predictor answers, of one network or of many as columns: numbers with intervals, and how far to trust them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array


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


@dataclass(frozen=True)
class Interval:
    """A value and the 90 % interval around it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class LayerPrediction:
    """One layer: sparsity of its neurons, spikes a sample that enter it, cycles that it takes.

    In mode pipeline, where layers work at the same time, ``latency_cycles`` is the cycle at which it is done.
    """

    layer: str
    sparsity: Interval
    spikes_in: float
    latency_cycles: float


@dataclass(frozen=True)
class Neighbour:
    """A measured configuration, means over its seeds that ended ok; None where none did.

    ``distance`` is in standard deviations of the features; ``outcomes`` counts its seeds by status.
    """

    distance: float
    choices: dict[str, Any]
    outcomes: dict[str, int]
    accuracy: float | None
    sparsity: float | None
    latency_cycles: float | None


@dataclass(frozen=True)
class Prediction:
    """What to expect of a network before it is trained.

    Attributes:
        choices: the training choices asked about, without a seed: a prediction is for any seed.
        outcome: probability of each outcome (ok, silent, collapsed, diverged).
        accuracy, sparsity, latency_cycles, latency_us, synaptic_operations: given that the outcome is ok.
        energy_nj: an estimate, given that the outcome is ok; None where the hardware has no energy table.
        layers: each layer, first to last.
        in_domain: whether the question lies inside what was measured; ``reasons`` says why not.
        neighbours: the nearest measured configurations, nearest first.
        provenance: hardware, data and versions behind the answer.
    """

    choices: dict[str, Any]
    outcome: dict[str, float]
    accuracy: Interval
    sparsity: Interval
    latency_cycles: Interval
    latency_us: Interval
    energy_nj: Interval | None
    synaptic_operations: Interval
    layers: tuple[LayerPrediction, ...]
    in_domain: bool
    reasons: tuple[str, ...]
    neighbours: tuple[Neighbour, ...]
    provenance: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; what ``spikecast predict --json`` prints."""
        return asdict(self)

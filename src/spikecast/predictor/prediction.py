"""What a predictor answers: numbers with intervals, and how far to trust them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


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
        energy_nj: the same, an estimate; None where the hardware has no energy table.
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

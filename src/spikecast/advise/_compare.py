"""Which of two is better: the difference between two predictions, with its interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from spikecast._util.arrays import Array
from spikecast.accelerator.hardware import DEFAULT_HARDWARE, Hardware
from spikecast.choices import TrainingChoices
from spikecast.predictor import Interval

if TYPE_CHECKING:
    from spikecast.predictor import Prediction, Predictor

Kind = Literal["difference", "ratio"]

#: What every interval of a difference rests on.
ASSUMPTION = (
    "the errors of A and B are taken as independent; those of choices that are alike are not, and their difference is "
    "known better than told here"
)
_KINDS: dict[str, Kind] = {
    "accuracy": "difference",
    "sparsity": "difference",
    "latency_us": "ratio",
    "energy_nj": "ratio",
}
#: Directions in which two errors are tried together; a multiple of 4, so that swapping the two tries the same.
_DIRECTIONS = 3600


@dataclass(frozen=True)
class Difference:
    """How one target of B differs from A's.

    Attributes:
        target: accuracy, sparsity, latency_us or energy_nj.
        kind: ``difference``, B - A, for shares; ``ratio``, B / A, for latency and energy.
        a, b: the two predictions.
        change: the difference or ratio with its 90 % interval.
    """

    target: str
    kind: Kind
    a: Interval
    b: Interval
    change: Interval

    @property
    def tells(self) -> bool:
        """Whether the interval leaves out that A and B are equal."""
        equal = 0.0 if self.kind == "difference" else 1.0
        return not self.change.low <= equal <= self.change.high


@dataclass(frozen=True)
class Comparison:
    """Two predictions and their differences, target by target."""

    a: Prediction
    b: Prediction
    differences: tuple[Difference, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; what ``spikecast compare --json`` prints."""
        differences = [asdict(difference) | {"tells": difference.tells} for difference in self.differences]
        return {"a": self.a.to_dict(), "b": self.b.to_dict(), "differences": differences, "assumption": ASSUMPTION}


def compare(
    predictor: Predictor,
    a: TrainingChoices | Mapping[str, Any],
    b: TrainingChoices | Mapping[str, Any],
    hardware: str | Path | Hardware = DEFAULT_HARDWARE,
) -> Comparison:
    """Predict two networks and how B differs from A.

    An interval of a share is symmetric in its logit, one of a latency or energy in its logarithm. On that scale, pairs
    of independent errors that are as likely as one error of a half width lie on an ellipse whose half axes are the two
    half widths. The change's interval goes from the least to the greatest change on it: for the logarithm of a ratio,
    that is the root of the sum of the squared half widths to either side.

    Raises:
        InputError: a choice is not allowed, nothing like it was ever measured, or the hardware cannot run it.
    """
    of_a, of_b = predictor.predict(a, hardware=hardware), predictor.predict(b, hardware=hardware)
    differences = []
    for target, kind in _KINDS.items():
        interval_a, interval_b = getattr(of_a, target), getattr(of_b, target)
        if interval_a is not None and interval_b is not None:
            change = (_difference if kind == "difference" else _ratio)(interval_a, interval_b)
            differences.append(Difference(target, kind, interval_a, interval_b, change))
    return Comparison(of_a, of_b, tuple(differences))


def _difference(a: Interval, b: Interval) -> Interval:
    """B - A of shares."""
    of_a, of_b = _on_ellipse(a, b, lambda share: np.log(share / (1.0 - share)))
    changes = 1.0 / (1.0 + np.exp(-of_b)) - 1.0 / (1.0 + np.exp(-of_a))
    return Interval(b.value - a.value, float(changes.min()), float(changes.max()))


def _ratio(a: Interval, b: Interval) -> Interval:
    """B / A of positive numbers."""
    of_a, of_b = _on_ellipse(a, b, np.log)
    changes = np.exp(of_b - of_a)
    return Interval(b.value / a.value, float(changes.min()), float(changes.max()))


def _on_ellipse(a: Interval, b: Interval, symmetric: Callable[[Array], Array]) -> tuple[Array, Array]:
    """Pairs of A and B, on the scale on which their intervals are symmetric, at the edge of what both may be."""
    angle = np.linspace(0.0, 2.0 * np.pi, _DIRECTIONS, endpoint=False)
    (value_a, low_a, high_a), (value_b, low_b, high_b) = (
        symmetric(np.array([interval.value, interval.low, interval.high])) for interval in (a, b)
    )
    return value_a + (high_a - low_a) / 2.0 * np.cos(angle), value_b + (high_b - low_b) / 2.0 * np.sin(angle)

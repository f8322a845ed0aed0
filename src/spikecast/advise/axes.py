"""What a single choice may be: the values that were measured, and the line from 0 to 1 on which they lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.choices import NUMBERS, STRUCTURAL, TrainingChoices
from spikecast.predictor.domain import NUMBERS_WITHIN
from spikecast.ranges import Numbers

#: By choice, its value in every configuration.
Columns = Mapping[str, NDArray[Any]]
#: Numbers whose ratios matter, not their differences.
LOGARITHMIC = ("slope", "learning_rate")


def measured_values(name: str, measured: Columns, near: TrainingChoices) -> list[Any]:
    """The values of one choice that were measured where ``near`` lies, sorted: only on its data set, a slope only with
    its surrogate, timesteps only with the architecture and input size.

    Args:
        name: the choice.
        measured: every choice of the measured configurations.
        near: the others; those on which the values depend are looked at.
    """
    near_it = np.logical_and.reduce([measured[same] == getattr(near, same) for same in same_choices(name)])
    return sorted(set(measured[name][near_it].tolist()))


def same_choices(name: str) -> list[str]:
    """The choices on which it depends which values of ``name`` were measured."""
    if name in STRUCTURAL:
        return [other for other in STRUCTURAL if other != name]
    return ["dataset", *([NUMBERS_WITHIN[name]] if name in NUMBERS_WITHIN else [])]


def is_number(name: str) -> bool:
    """Whether a choice is a number with values in between; the others are categories."""
    return name in NUMBERS


@dataclass(frozen=True)
class Categories:
    """A choice from a closed list: each value takes an equal part of the line."""

    values: tuple[Any, ...]

    def at(self, shares: Array) -> NDArray[Any]:
        """The values at ``shares`` (0..1) of the line."""
        positions = np.minimum((shares * len(self.values)).astype(np.int64), len(self.values) - 1)
        return np.array(self.values)[positions]

    def shares_of(self, values: NDArray[Any]) -> Array:
        """The middle of each value's part."""
        return np.array([(self.values.index(value) + 0.5) / len(self.values) for value in values])


Axis = Numbers | Categories


def axis_of(name: str, values: Iterable[Any]) -> Axis:
    """The axis of a choice that spans ``values``; at least two of them differ."""
    known = sorted(set(values))
    if not is_number(name):
        return Categories(tuple(known))
    whole = TrainingChoices.model_fields[name].annotation is int
    return Numbers(known[0], known[-1], log=name in LOGARITHMIC, whole=whole)

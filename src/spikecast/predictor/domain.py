"""Whether a question lies inside what was measured, and if not, why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from spikecast.errors import InputError
from spikecast.predictor.measured import Measured
from spikecast.predictor.questions import Questions, Structure

#: The choices that decide what enters the network: nothing is known of other recordings.
_INPUT = ("dataset", "timesteps", "input_size")
_CATEGORIES = (
    "architecture",
    "surrogate",
    "neuron",
    "reset",
    "weight_bits",
    "loss",
    "learning_rate_schedule",
    "epoch_kept",
)
_NUMBERS = ("threshold", "learning_rate", "dropout", "activity_penalty", "gradient_clip")
#: Numbers whose range is that of one category alone: it differs between categories, or means another thing.
NUMBERS_WITHIN = {
    "slope": "surrogate",
    "beta": "neuron",
    "alpha": "neuron",
    "timesteps": "architecture",
    "epochs": "architecture",
    "batch_size": "architecture",
}


class _Outside(NamedTuple):
    """Questions that one check finds outside, and what it says of them: the value asked for takes the place of {}."""

    questions: NDArray[np.int64]
    values: NDArray[Any]
    says: str


class Domain:
    """The ranges and categories of what was measured, of every data set by itself."""

    def __init__(self, measured: Measured) -> None:
        columns = measured.questions.columns
        self._far = measured.far
        self._own = {
            str(name): _Own.of({choice: column[columns["dataset"] == name] for choice, column in columns.items()})
            for name in np.unique(columns["dataset"])
        }
        self._structures = measured.questions.structures
        self._inputs = {structure.input for structure in self._structures}

    def require_input(self, structure: Structure) -> None:
        """Refuse a question about recordings of which nothing was measured.

        Raises:
            InputError: names the choice, what was measured, and what to do.
        """
        if structure.input in self._inputs:
            return
        alike, where = self._structures, ""
        for name in _INPUT:
            value = getattr(structure, name)
            known = sorted({getattr(other, name) for other in alike})
            if value not in known:
                raise InputError(
                    f"{name} {value!r} was never measured{where}: this model knows "
                    f"{', '.join(map(str, known))}; characterize it and fit a new model"
                )
            alike = tuple(other for other in alike if getattr(other, name) == value)
            where = f" on {structure.dataset}"

    def reasons(self, questions: Questions, nearest: NDArray[np.float64]) -> list[tuple[str, ...]]:
        """Why each question lies outside the domain; empty if it lies inside.

        Args:
            questions: what is asked.
            nearest: float64[questions], distance of the nearest measured configuration.
        """
        found: list[list[str]] = [[] for _ in range(len(questions))]
        for outside in self._outside(questions):
            for row, value in zip(outside.questions, outside.values, strict=True):
                found[row].append(outside.says.format(value))
        far = f"away, measured ones lie within {self._far:.2f} of each other"
        for row in np.flatnonzero(nearest > self._far):
            if not found[row]:
                distance = f"the nearest is {nearest[row]:.2f} standard deviations"
                found[row].append(f"no measured configuration is near: {distance} {far}")
        return [tuple(reasons) for reasons in found]

    def _outside(self, questions: Questions) -> Iterator[_Outside]:
        for name, own in self._own.items():
            here = np.flatnonzero(questions.columns["dataset"] == name)
            if len(here):
                asked = {choice: column[here] for choice, column in questions.columns.items()}
                for outside in own.outside(asked, f" on {name}"):
                    yield outside._replace(questions=here[outside.questions])


@dataclass(frozen=True)
class _Own:
    """What was measured on one data set.

    Attributes:
        known: categories by choice, in order.
        ranges: (lowest, highest) by choice.
        ranges_within: the same by choice, then by the category that it depends on.
    """

    known: dict[str, tuple[Any, ...]]
    ranges: dict[str, tuple[Any, Any]]
    ranges_within: dict[str, dict[Any, tuple[Any, Any]]]

    @classmethod
    def of(cls, columns: dict[str, NDArray[Any]]) -> Self:
        known = {name: tuple(np.unique(columns[name]).tolist()) for name in _CATEGORIES}
        return cls(
            known,
            {name: _range(columns[name]) for name in _NUMBERS},
            {
                name: {kind: _range(columns[name][columns[category] == kind]) for kind in known[category]}
                for name, category in NUMBERS_WITHIN.items()
            },
        )

    def outside(self, asked: dict[str, NDArray[Any]], where: str) -> Iterator[_Outside]:
        """What lies outside among questions of this data set; ``where`` says which it is."""
        for name, known in self.known.items():
            unknown = np.flatnonzero([value not in known for value in asked[name].tolist()])
            if len(unknown):
                only = ", ".join(map(str, known))
                yield _Outside(unknown, asked[name][unknown], f"{name} {{}} was never measured{where}, only {only}")
        for name, measured in self.ranges.items():
            yield from _outside_range(name, asked[name], measured, where)
        for name, category in NUMBERS_WITHIN.items():
            kinds = asked[category]
            for kind in self.ranges_within[name].keys() & set(kinds.tolist()):
                alike = np.flatnonzero(kinds == kind)
                measured = self.ranges_within[name][kind]
                for outside in _outside_range(name, asked[name][alike], measured, f" for {kind}{where}"):
                    yield outside._replace(questions=alike[outside.questions])


def _range(values: NDArray[Any]) -> tuple[Any, Any]:
    return values.min(), values.max()


def _outside_range(name: str, asked: NDArray[Any], measured: tuple[Any, Any], where: str) -> Iterator[_Outside]:
    low, high = measured
    outside = np.flatnonzero((asked < low) | (asked > high))
    if len(outside):
        span = f"only {low:g}" if low == high else f"only {low:g} to {high:g}"
        yield _Outside(outside, asked[outside], f"{name} {{:g}} was never measured{where}, {span}")

"""Whether a question lies inside what was measured, and if not, why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
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


@dataclass(frozen=True)
class Outside:
    """What of some questions lies outside of what was measured.

    Attributes:
        reasons: why each question does; empty if it lies inside.
        unseen: by choice that is a category, bool[questions]: its value was never measured on their data set.
    """

    reasons: list[tuple[str, ...]]
    unseen: dict[str, NDArray[np.bool_]]

    @cached_property
    def anyhow(self) -> NDArray[np.bool_]:
        """bool[questions]: whether each lies outside, for whatever reason."""
        return np.array([bool(why) for why in self.reasons], dtype=bool)


class _Found(NamedTuple):
    """Questions that one check finds outside, and what it says of them: the value asked for takes the place of {}.

    ``unseen`` is the choice whose value is a category that was never measured.
    """

    questions: NDArray[np.int64]
    values: NDArray[Any]
    says: str
    unseen: str | None = None


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

    def outside(self, questions: Questions, nearest: NDArray[np.float64]) -> Outside:
        """What lies outside the domain.

        Args:
            questions: what is asked.
            nearest: float64[questions], distance of the nearest measured configuration.
        """
        reasons: list[list[str]] = [[] for _ in range(len(questions))]
        unseen = {name: np.zeros(len(questions), dtype=bool) for name in _CATEGORIES}
        for found in self._found(questions):
            for row, value in zip(found.questions, found.values, strict=True):
                reasons[row].append(found.says.format(value))
            if found.unseen is not None:
                unseen[found.unseen][found.questions] = True
        far = f"away, measured ones lie within {self._far:.2f} of each other"
        for row in np.flatnonzero(nearest > self._far):
            if not reasons[row]:
                distance = f"the nearest is {nearest[row]:.2f} standard deviations"
                reasons[row].append(f"no measured configuration is near: {distance} {far}")
        return Outside([tuple(why) for why in reasons], unseen)

    def _found(self, questions: Questions) -> Iterator[_Found]:
        for name, own in self._own.items():
            here = np.flatnonzero(questions.columns["dataset"] == name)
            if len(here):
                asked = {choice: column[here] for choice, column in questions.columns.items()}
                for found in own.outside(asked, f" on {name}"):
                    yield found._replace(questions=here[found.questions])


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

    def outside(self, asked: dict[str, NDArray[Any]], where: str) -> Iterator[_Found]:
        """What lies outside among questions of this data set; ``where`` says which it is."""
        for name, known in self.known.items():
            unknown = np.flatnonzero([value not in known for value in asked[name].tolist()])
            if len(unknown):
                only = ", ".join(map(str, known))
                says = f"{name} {{}} was never measured{where}, only {only}"
                yield _Found(unknown, asked[name][unknown], says, unseen=name)
        for name, measured in self.ranges.items():
            yield from _outside_range(name, asked[name], measured, where)
        for name, category in NUMBERS_WITHIN.items():
            kinds = asked[category]
            for kind in self.ranges_within[name].keys() & set(kinds.tolist()):
                alike = np.flatnonzero(kinds == kind)
                measured = self.ranges_within[name][kind]
                for found in _outside_range(name, asked[name][alike], measured, f" for {kind}{where}"):
                    yield found._replace(questions=alike[found.questions])


def _range(values: NDArray[Any]) -> tuple[Any, Any]:
    return values.min(), values.max()


def _outside_range(name: str, asked: NDArray[Any], measured: tuple[Any, Any], where: str) -> Iterator[_Found]:
    low, high = measured
    outside = np.flatnonzero((asked < low) | (asked > high))
    if len(outside):
        span = f"only {low:g}" if low == high else f"only {low:g} to {high:g}"
        yield _Found(outside, asked[outside], f"{name} {{:g}} was never measured{where}, {span}")

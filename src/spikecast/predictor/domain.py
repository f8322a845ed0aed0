"""Whether a question lies inside what was measured, and if not, why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

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

    questions: NDArray[np.bool_]
    values: NDArray[Any]
    says: str


class Domain:
    """The ranges and categories of what was measured."""

    def __init__(self, measured: Measured) -> None:
        columns = measured.questions.columns
        self._far = measured.far
        self._known = {name: np.unique(columns[name]) for name in _CATEGORIES}
        self._ranges = {name: _range(columns[name]) for name in _NUMBERS}
        self._ranges_within = {
            (name, kind): _range(columns[name][columns[category] == kind])
            for name, category in NUMBERS_WITHIN.items()
            for kind in self._known[category].tolist()
        }
        self._structures = measured.questions.structures
        self._inputs = {structure.input for structure in self._structures}
        self._pairs = {(structure.dataset, structure.architecture) for structure in self._structures}

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
            for row in np.flatnonzero(outside.questions):
                found[row].append(outside.says.format(outside.values[row]))
        far = f"away, measured ones lie within {self._far:.2f} of each other"
        for row in np.flatnonzero(nearest > self._far):
            if not found[row]:
                distance = f"the nearest is {nearest[row]:.2f} standard deviations"
                found[row].append(f"no measured configuration is near: {distance} {far}")
        return [tuple(reasons) for reasons in found]

    def _outside(self, questions: Questions) -> Iterator[_Outside]:
        asked = questions.columns
        for name, known in self._known.items():
            only = ", ".join(map(str, known))
            yield _Outside(~np.isin(asked[name], known), asked[name], f"{name} {{}} was never measured, only {only}")
        yield self._outside_pairs(questions)
        for name, measured in self._ranges.items():
            yield _outside_range(name, asked[name], measured)
        for (name, kind), measured in self._ranges_within.items():
            outside = _outside_range(name, asked[name], measured, f" for {kind}")
            yield outside._replace(questions=outside.questions & (asked[NUMBERS_WITHIN[name]] == kind))

    def _outside_pairs(self, questions: Questions) -> _Outside:
        """Architectures that were measured, but not on the data set asked for."""
        known = {architecture for _, architecture in self._pairs}
        outside = [
            structure.architecture in known and (structure.dataset, structure.architecture) not in self._pairs
            for structure in questions.structures
        ]
        says = "architecture {} was never measured on this data set"
        return _Outside(np.array(outside)[questions.structure_of], questions.columns["architecture"], says)


def _range(values: NDArray[Any]) -> tuple[Any, Any]:
    return values.min(), values.max()


def _outside_range(name: str, asked: NDArray[Any], measured: tuple[Any, Any], where: str = "") -> _Outside:
    low, high = measured
    span = f"only {low:g}" if low == high else f"only {low:g} to {high:g}"
    return _Outside((asked < low) | (asked > high), asked, f"{name} {{:g}} was never measured{where}, {span}")

"""The choices among which advice is sought: what was measured, and all between.

A space is made of boxes, one for each pair of surrogate and neuron model, since most ranges depend on these two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.advise.axes import Axis, Columns, axis_of, measured_values, same_choices
from spikecast.choices import CHOICES, STRUCTURAL, TrainingChoices
from spikecast.errors import InputError
from spikecast.ranges import sobol

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class SearchSpace:
    """Ranges and categories of what was measured, one box for each pair of surrogate and neuron model.

    Attributes:
        boxes: by (surrogate, neuron).
        measured: the measured configurations that lie in it, as columns; positions among all of them as index.
    """

    boxes: dict[tuple[str, str], Box]
    measured: pd.DataFrame

    @classmethod
    def of(cls, measured: Columns, fixed: Mapping[str, Any]) -> Self:
        """Everything between measured configurations; structure is the default choices' where it is not ``fixed``. A
        seed makes no difference.

        Args:
            measured: every choice of the measured configurations.

        Raises:
            InputError: a fixed choice is not allowed, or no pair of surrogate and neuron that was measured has it.
        """
        import pandas as pd

        boxes, refusals = {}, []
        kept: dict[tuple[Any, ...], list[Any]] = {}

        def values(name: str, near: TrainingChoices) -> list[Any]:
            # Most boxes ask the same of all that was measured.
            asked = (name, *(getattr(near, other) for other in same_choices(name)))
            if asked not in kept:
                kept[asked] = measured_values(name, measured, near)
            return kept[asked]

        pairs = sorted(set(zip(measured["surrogate"].tolist(), measured["neuron"].tolist(), strict=True)))
        for surrogate, neuron in pairs:
            try:
                base = TrainingChoices(**{"surrogate": surrogate, "neuron": neuron, **fixed})
            except InputError as error:
                refusals.append(error)
                continue
            if (base.surrogate, base.neuron) == (surrogate, neuron):
                boxes[surrogate, neuron] = Box.of(base, fixed, values)
        if not boxes:
            raise refusals[0] if refusals else _never_measured(TrainingChoices(**fixed), fixed, pairs)
        inside = np.logical_or.reduce([box.holds(measured) for box in boxes.values()])
        return cls(boxes, pd.DataFrame({name: measured[name][inside] for name in CHOICES}, np.flatnonzero(inside)))

    def everywhere(self, points: int, seed: int) -> pd.DataFrame:
        """About so many points over the whole space, as many of each box; columns are choices."""
        share = points // len(self.boxes)
        return _joined([box.everywhere(share, seed) for box in self.boxes.values()])

    def around(self, centers: pd.DataFrame, half_width: float, points: int, seed: int) -> pd.DataFrame:
        """About so many points near the centers, a table of choices; none is further than ``half_width`` of the range
        of any choice from its center."""
        share = points // len(centers)
        near = [
            self.boxes[pair].around(centers.iloc[[position]], half_width, share, seed)
            for position, pair in enumerate(zip(centers["surrogate"], centers["neuron"], strict=True))
        ]
        return _joined(near)


@dataclass(frozen=True)
class Box:
    """Choices of one surrogate and one neuron model: some vary along their axes, the others have one value.

    Attributes:
        constants: every choice but the seed; those that vary are in ``axes``, too, and that counts.
        axes: by choice.
    """

    constants: dict[str, Any]
    axes: dict[str, Axis]

    @classmethod
    def of(
        cls, base: TrainingChoices, fixed: Collection[str], measured: Callable[[str, TrainingChoices], list[Any]]
    ) -> Self:
        """All that was measured with ``base``'s surrogate and neuron; structure and ``fixed`` stay as in ``base``.

        ``measured`` gives the values of a choice that were measured near others, as ``measured_values`` does.
        """
        constants, axes = base.model_dump(exclude={"seed"}), {}
        for name in CHOICES:
            if name in (*STRUCTURAL, "surrogate", "neuron") or name in fixed:
                continue
            values = measured(name, base)
            if len(values) > 1:
                axes[name] = axis_of(name, values)
            elif values:
                constants[name] = values[0]
        return cls(constants, axes)

    def at(self, shares: Array) -> Columns:
        """The choices at shares float64[points, axes] of the axes; impossible ones are left out."""
        varied = {name: axis.at(column) for (name, axis), column in zip(self.axes.items(), shares.T, strict=True)}
        columns = {name: np.full(len(shares), value) for name, value in self.constants.items()} | varied
        if self.constants["neuron"] == "alpha":
            possible = columns["alpha"] > columns["beta"]
            columns = {name: column[possible] for name, column in columns.items()}
        return columns

    def everywhere(self, points: int, seed: int) -> Columns:
        """About so many points, evenly over the box."""
        return self.at(_evenly(len(self.axes), points, seed))

    def around(self, centre: pd.DataFrame, half_width: float, points: int, seed: int) -> Columns:
        """About so many points, at most ``half_width`` of each axis away from a table's one row."""
        middle = np.array([axis.shares_of(centre[name].to_numpy())[0] for name, axis in self.axes.items()])
        low, high = np.clip(middle - half_width, 0.0, 1.0), np.clip(middle + half_width, 0.0, 1.0)
        return self.at(low + (high - low) * _evenly(len(self.axes), points, seed))

    def holds(self, measured: Columns) -> NDArray[np.bool_]:
        """bool[configurations]: which lie in this part."""
        fixed = [name for name in CHOICES if name not in self.axes]
        held: NDArray[np.bool_] = np.logical_and.reduce([measured[name] == self.constants[name] for name in fixed])
        return held


def _evenly(dimensions: int, points: int, seed: int) -> Array:
    """float64[points, dimensions], 0..1: a Sobol sequence of the largest power of two up to ``points``."""
    return sobol(dimensions, max(points, 1).bit_length() - 1, seed) if dimensions else np.empty((1, 0))


def _joined(parts: Sequence[Columns]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in CHOICES})


def _never_measured(asked: TrainingChoices, fixed: Mapping[str, Any], pairs: list[tuple[str, str]]) -> InputError:
    """The error for a surrogate, a neuron model or a pair of them that no measured configuration has."""
    surrogates, neurons = (sorted(set(kinds)) for kinds in zip(*pairs, strict=True))
    for name, value, known in (("surrogate", asked.surrogate, surrogates), ("neuron", asked.neuron, neurons)):
        if name in fixed and value not in known:
            return InputError(f"{name} {value} was never measured: this model knows {', '.join(known)}")
    beside = ", ".join(neuron for surrogate, neuron in pairs if surrogate == asked.surrogate)
    return InputError(
        f"{asked.surrogate} with neuron {asked.neuron} was never measured: this model knows it with {beside}"
    )

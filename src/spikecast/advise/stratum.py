"""The part of a search space that has one surrogate and one neuron model."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from spikecast.advise.axis import Axis, axis_of
from spikecast.advise.measured_values import Columns
from spikecast.choices import TrainingChoices
from spikecast.predictor.questions import CHOICES, STRUCTURAL

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Stratum:
    """A box of choices: some vary along their axes, the others have one value.

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
        """About so many points, spread evenly over the box."""
        return self.at(_spread(len(self.axes), points, seed))

    def around(self, centre: pd.DataFrame, half_width: float, points: int, seed: int) -> Columns:
        """About so many points, at most ``half_width`` of each axis away from a table's one row."""
        middle = np.array([axis.shares_of(centre[name].to_numpy())[0] for name, axis in self.axes.items()])
        low, high = np.clip(middle - half_width, 0.0, 1.0), np.clip(middle + half_width, 0.0, 1.0)
        return self.at(low + (high - low) * _spread(len(self.axes), points, seed))

    def holds(self, measured: Columns) -> NDArray[np.bool_]:
        """bool[configurations]: which lie in this part."""
        fixed = [name for name in CHOICES if name not in self.axes]
        held: NDArray[np.bool_] = np.logical_and.reduce([measured[name] == self.constants[name] for name in fixed])
        return held


def _spread(dimensions: int, points: int, seed: int) -> Array:
    """float64[points, dimensions], 0..1: a Sobol sequence of the largest power of two up to ``points``."""
    from scipy.stats import qmc

    if dimensions == 0:
        return np.empty((1, 0))
    sobol: Array = qmc.Sobol(dimensions, rng=seed).random_base2(max(points, 1).bit_length() - 1)
    return sobol

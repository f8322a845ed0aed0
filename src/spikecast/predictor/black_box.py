"""A regressor straight from choices to one target."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spikecast.predictor.features import column_indices
from spikecast.predictor.models import SHIPPABLE, BoostedTrees, Regressor

Array = NDArray[np.float64]


@dataclass(frozen=True)
class BlackBox:
    """A fitted regressor and how wrong it is likely to be.

    Attributes:
        model: columns of the feature matrix -> the target on its learning scale.
        columns: names of the features that it is given.
        error: the feature matrix -> logarithm of the standard deviation.
    """

    model: Regressor
    columns: tuple[str, ...]
    error: BoostedTrees

    def predict(self, x: Array) -> tuple[Array, Array]:
        """(value, standard deviation) on the learning scale, float64[rows] each; x is a ``feature_matrix``."""
        return self.model.predict(x[:, column_indices(self.columns)]), np.exp(self.error.predict(x))

    def save(self, folder: Path, name: str) -> dict[str, Any]:
        """Write to ``folder``; returns what ``load`` needs to know."""
        files = {"file": f"{name}.{self.model.suffix}", "error_file": f"{name}_error.{self.error.suffix}"}
        self.model.save(folder / files["file"])
        self.error.save(folder / files["error_file"])
        return {"columns": list(self.columns), **files}

    @classmethod
    def load(cls, folder: Path, entry: dict[str, Any]) -> Self:
        model = SHIPPABLE[entry["model"]].load(folder / entry["file"])
        return cls(model, tuple(entry["columns"]), BoostedTrees.load(folder / entry["error_file"]))

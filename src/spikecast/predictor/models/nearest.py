"""The nearest measured configuration: what a predictor must beat. Never shipped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from spikecast.predictor.models.array_file import ArrayFile
from spikecast.predictor.models.regressor import Array
from spikecast.predictor.models.scaling import standard_scale


@dataclass(frozen=True)
class NearestNeighbour(ArrayFile):
    """The value of the nearest row, distances in standard deviations of each feature."""

    name: ClassVar[str] = "nearest_neighbour"

    points: Array
    scale: Array
    values: Array

    @classmethod
    def fit(cls, x: Array, y: Array) -> Self:
        scale = standard_scale(x)
        return cls(x * scale, scale, y)

    @classmethod
    def fitter(cls, _x: Array, _y: Array) -> Callable[[Array, Array], Self]:
        return cls.fit

    def predict(self, x: Array) -> Array:
        nearest = distances(x * self.scale, self.points).argmin(axis=1)
        result: Array = self.values[nearest]
        return result


def distances(a: Array, b: Array) -> Array:
    """Euclidean distances, float64[rows of a, rows of b]."""
    # Feature by feature: all differences at once would need rows * rows * features numbers.
    squared = np.zeros((len(a), len(b)))
    for mine, other in zip(a.T, b.T, strict=True):
        squared += (mine[:, np.newaxis] - other) ** 2
    return np.sqrt(squared)

"""Simple regressors: ridge regression, and what any predictor must beat, the mean and the nearest measured row.

The last two are never shipped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from spikecast._util.arrays import Array
from spikecast.predictor.models.kernel import standard_scale
from spikecast.predictor.models.regressor import ArrayFile


@dataclass(frozen=True)
class Linear(ArrayFile):
    """y = x @ weights + intercept; weights float64[features]."""

    name: ClassVar[str] = "linear"

    weights: Array
    intercept: Array

    @classmethod
    def fit(cls, x: Array, y: Array) -> Self:
        """Ridge on standardized features, its strength chosen by leave-one-out."""
        from sklearn.linear_model import RidgeCV
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        model = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-3, 3, 13))).fit(x, y)
        scaler, ridge = model[0], model[1]
        weights = ridge.coef_ / scaler.scale_
        return cls(weights, np.float64(ridge.intercept_ - scaler.mean_ @ weights))  # type: ignore[arg-type]

    @classmethod
    def fitter(cls, _x: Array, _y: Array) -> Callable[[Array, Array], Self]:
        return cls.fit

    def predict(self, x: Array) -> Array:
        result: Array = x @ self.weights + self.intercept
        return result


@dataclass(frozen=True)
class Mean(ArrayFile):
    """Always the mean."""

    name: ClassVar[str] = "mean"

    value: Array

    @classmethod
    def fit(cls, _x: Array, y: Array) -> Self:
        return cls(np.asarray(y.mean()))

    @classmethod
    def fitter(cls, _x: Array, _y: Array) -> Callable[[Array, Array], Self]:
        return cls.fit

    def predict(self, x: Array) -> Array:
        return np.full(len(x), float(self.value))


@dataclass(frozen=True)
class NearestNeighbor(ArrayFile):
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

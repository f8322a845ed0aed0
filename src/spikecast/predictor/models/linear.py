"""Ridge regression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from spikecast.predictor.models.array_file import ArrayFile
from spikecast.predictor.models.regressor import Array


@dataclass(frozen=True)
class Linear(ArrayFile):
    """y = x @ weights + intercept; weights float64[features]."""

    name: ClassVar[str] = "linear"

    weights: Array
    intercept: Array

    @classmethod
    def fit(cls, x: Array, y: Array) -> Self:
        """Ridge on standardised features, its strength chosen by leave-one-out."""
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

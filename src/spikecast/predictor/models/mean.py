"""The plain mean: what a predictor must beat. Never shipped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from spikecast.predictor.models.array_file import ArrayFile
from spikecast.predictor.models.regressor import Array


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

"""What every regression model offers, so that they can be compared and shipped alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Protocol, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Regressor(Protocol):
    """A fitted model of one number. Fitting may need heavy libraries; predicting should not."""

    name: ClassVar[str]
    suffix: ClassVar[str]

    @classmethod
    def fit(cls, x: Array, y: Array) -> Self:
        """Fit on x float64[rows, features] and y float64[rows]; seeded, so the same data give the same model."""
        ...

    @classmethod
    def fitter(cls, x: Array, y: Array) -> Callable[[Array, Array], Self]:
        """A way to fit on parts of x and y; what is costly to find and alike for every part is found once on all."""
        ...

    def predict(self, x: Array) -> Array:
        """float64[rows]."""
        ...

    def save(self, path: Path) -> None:
        """Write to one file that holds numbers alone."""
        ...

    @classmethod
    def load(cls, path: Path) -> Self:
        """The inverse of ``save``; executes no code from the file."""
        ...

"""Models whose fitted state is a handful of arrays: read and written as npz without Python objects.

What every regression model offers, so that they can be compared and shipped alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

import numpy as np

from spikecast._util.arrays import Array


class ArrayFile:
    """Mixin for a frozen dataclass whose fields are all arrays or numbers."""

    suffix: ClassVar[str] = "npz"

    def save(self, path: Path) -> None:
        np.savez_compressed(path, **{field.name: getattr(self, field.name) for field in fields(self)})  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> Self:
        with np.load(path, allow_pickle=False) as archive:
            values: dict[str, Any] = {field.name: archive[field.name] for field in fields(cls)}  # type: ignore[arg-type]
        return cls(**values)


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

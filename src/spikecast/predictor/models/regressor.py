"""What every regressor offers, so that they can be compared and shipped alike, and how fitted numbers lie in files."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array


class StoredFile(Protocol):
    """A file that is read whole: one on disk, by its path, or one that is held in memory."""

    def read_bytes(self) -> bytes: ...

    def read_text(self, encoding: str) -> str: ...


class StoredFiles(Protocol):
    """Where files are found by name, ``files / "measured.npz"``: a folder, by its path, or a bundle in memory."""

    def __truediv__(self, name: str, /) -> StoredFile: ...


def arrays_in(file: StoredFile) -> dict[str, NDArray[Any]]:
    """The arrays of an npz file by name; Python objects in it are refused.

    Raises:
        ValueError: the file is no npz, or holds objects.
    """
    with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


class ArrayFile:
    """Mixin for a frozen dataclass whose fields are all arrays or numbers, kept as npz."""

    suffix: ClassVar[str] = "npz"

    def save(self, path: Path) -> None:
        """Write every field to one npz file."""
        np.savez_compressed(path, **{field.name: getattr(self, field.name) for field in fields(self)})  # type: ignore[arg-type]

    @classmethod
    def load(cls, file: StoredFile) -> Self:
        """The inverse of ``save``."""
        arrays = arrays_in(file)
        return cls(**{field.name: arrays[field.name] for field in fields(cls)})  # type: ignore[arg-type]


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
    def load(cls, file: StoredFile) -> Self:
        """The inverse of ``save``; executes no code from the file."""
        ...

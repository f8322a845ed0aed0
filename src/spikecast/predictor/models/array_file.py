"""Models whose fitted state is a handful of arrays: read and written as npz without Python objects."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np


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

"""A bundle's files in memory: what was checked is what is used, whatever happens on disk meanwhile."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from spikecast.errors import InputError


class HeldFile(io.BytesIO):
    """One file. It reads as a path does with ``read_text``, and as an open file does."""

    def read_text(self, encoding: str) -> str:
        return self.getvalue().decode(encoding)


class HeldFiles:
    """Files by name, found as in a folder: ``files / "measured.npz"``."""

    def __init__(self, folder: Path, contents: Mapping[str, bytes]) -> None:
        self._folder = folder
        self._contents = contents

    def __truediv__(self, name: str) -> HeldFile:
        if name not in self._contents:
            raise InputError(f"predictor bundle {self._folder} lists no {name}: fit again")
        return HeldFile(self._contents[name])

"""Writes to a store that the disk refuses, told in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spikecast.errors import InputError


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Turn a full disk or a folder that cannot be written into an InputError."""
    try:
        yield
    except OSError as error:
        raise InputError(
            f"cannot write to {folder}: {error.strerror or error}; finished trials in it are kept: "
            "make room or choose another --out, and run again"
        ) from None

"""Data sets that lie in a folder of the user's: found there, never downloaded."""

from __future__ import annotations

import os
from pathlib import Path

from spikecast.datasets import DATASETS, EVENTS_VARIABLE
from spikecast.errors import InputError


def events_folder() -> Path | None:
    """The folder named by the environment, if one is."""
    name = os.environ.get(EVENTS_VARIABLE)
    return Path(name).expanduser() if name else None


def local_files(name: str, folder: Path | None, pattern: str) -> list[Path]:
    """All files of data set ``name`` that match ``pattern`` below ``folder``, sorted.

    Raises:
        InputError: no folder is given, or there are none in it; the message says where they must lie and where they
            are to be had.
    """
    dataset = DATASETS[name]
    if folder is None:
        raise InputError(
            f"{name} does not come with spikecast: set {EVENTS_VARIABLE} to a folder that holds {dataset.files} "
            f"({dataset.how_to_get})"
        )
    files = sorted(folder.glob(pattern))
    if not files:
        raise InputError(f"no recordings of {name} in {folder}: expected {dataset.files} there ({dataset.how_to_get})")
    return files

"""Data sets that lie in a folder of the user's: found there, never downloaded."""

from __future__ import annotations

import os
from pathlib import Path

from spikecast.datasets import EVENTS_VARIABLE, Dataset
from spikecast.errors import InputError


def events_folder(given: Path | None) -> Path | None:
    """The folder given, otherwise the one named by the environment, if one is."""
    if given is not None:
        return given
    name = os.environ.get(EVENTS_VARIABLE)
    return Path(name).expanduser() if name else None


def local_files(dataset: Dataset, folder: Path | None, *patterns: str) -> list[Path]:
    """All files of a data set that match one of ``patterns`` below ``folder``, sorted.

    Raises:
        InputError: no folder is given, or there are none in it; the message says where they must lie and where they
            are to be had.
    """
    if folder is None:
        raise InputError(
            f"{dataset.name} does not come with spikecast: set {EVENTS_VARIABLE}, or --events of characterize, to a "
            f"folder that holds {dataset.files} ({dataset.how_to_get})"
        )
    files = sorted(path for pattern in patterns for path in folder.glob(pattern))
    if not files:
        raise InputError(
            f"no recordings of {dataset.name} in {folder}: expected {dataset.files} there ({dataset.how_to_get})"
        )
    return files

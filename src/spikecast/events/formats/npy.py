"""Recordings in numpy files: the form that DVS128 Gesture is handed out in, and the structured arrays of tonic."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast.errors import InputError
from spikecast.events.recordings import Events, whole_events

_FIELDS = ("x", "y", "p", "t")


def read_npy(path: Path, sensor_size: int) -> Events:
    """The events of one file.

    It holds an array [events] of whole numbers with the fields x, y, p and t in any order, t in microseconds, or an
    array [events, 4] of x, y, polarity and time in milliseconds.

    Raises:
        InputError: it is missing, damaged, or something else.
    """
    try:
        with path.open("rb") as file:
            rows = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"cannot read recording {path} ({error}): copy it again") from None
    columns = _columns(rows) if isinstance(rows, np.ndarray) else None
    if columns is None:
        raise InputError(
            f"{path} is not a recording: expected an array [events] with whole numbers x, y, p and t in microseconds, "
            "or an array [events, 4] of x, y, p and t in milliseconds"
        )
    x, y, polarity, time_us = columns
    return whole_events(str(path), x=x, y=y, polarity=polarity, time_us=time_us, sensor_size=sensor_size)


def _columns(rows: NDArray[Any]) -> tuple[NDArray[Any], ...] | None:
    """x, y, polarity and microseconds, if the array has one of the two forms."""
    if rows.dtype.names is not None:
        fits = rows.ndim == 1 and all(
            name in rows.dtype.names and rows.dtype[name].kind in "iub" and not rows.dtype[name].shape
            for name in _FIELDS
        )
        return tuple(rows[name] for name in _FIELDS) if fits else None
    if rows.ndim != 2 or rows.shape[1] != 4 or rows.dtype.kind not in "iuf" or not np.isfinite(rows).all():
        return None
    places, time_ms = rows[:, :3], rows[:, 3].astype(np.float64)
    if (places % 1 != 0).any():
        return None
    x, y, polarity = places.astype(np.int64).T
    return x, y, polarity, np.rint(time_ms * 1000).astype(np.int64)

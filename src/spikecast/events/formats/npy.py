"""Recordings in numpy files: .npy, plain as DVS128 Gesture is handed out or structured as of tonic, and .npz."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast.errors import InputError
from spikecast.events.recordings import Events, whole_events

#: What libraries call the columns.
_NAMES = {
    "x": ("x",),
    "y": ("y",),
    "p": ("p", "pol", "polarity", "on"),
    "t": ("t", "ts", "time", "timestamp"),
}
#: Orders of plain arrays, and their microseconds a unit of whole time: that of DVS128 Gesture, and those of tonic.
_ORDERS = {"xypt": 1000, "txyp": 1, "xytp": 1}


def read_npy(path: Path, sensor_size: int) -> Events:
    """The events of one file.

    It holds an array [events] with the fields x, y, p and t in any order, whole t in microseconds and others in
    seconds; or an array [events, 4] of x, y, p and milliseconds, or of t, x, y, p or x, y, t, p in time of that unit.
    Polarities are 0 and 1, or -1 and 1.

    Raises:
        InputError: it is missing, damaged, or something else.
    """
    rows = _load(path)
    if not isinstance(rows, np.ndarray):
        raise InputError(f"cannot read recording {path} (it is an archive): name it .npz")
    if rows.dtype.names is not None:
        columns = {name: rows[name] for name in rows.dtype.names}
        return named_columns(str(path), columns, sensor_size)
    if rows.ndim != 2 or rows.shape[1] != 4 or rows.dtype.kind not in "iuf" or not np.isfinite(rows).all():
        raise InputError(
            f"{path} is not a recording: expected an array [events] with fields x, y, p and t, or an array [events, 4] "
            f"of finite numbers x, y, p and milliseconds; this one is {rows.dtype} {list(rows.shape)}"
        )
    order = next((order for order in _ORDERS if _fits(rows, order)), "xypt")
    x, y, p, t = (rows[:, order.index(name)] for name in "xypt")
    if (np.stack([x, y, p]) % 1 != 0).any():
        raise InputError(
            f"{path} is not a recording: expected an array [events, 4] of columns {' or '.join(_ORDERS)}, of which x, "
            "y and p are whole numbers"
        )
    unit = _ORDERS[order] if order == "xypt" or (t % 1 == 0).all() else 1_000_000
    return _events(str(path), x, y, p, np.rint(t.astype(np.float64) * unit), sensor_size)


def read_npz(path: Path, sensor_size: int) -> Events:
    """The events of one file of arrays t, x, y and p, [events] each, as SpikingJelly writes them; units as of .npy.

    Raises:
        InputError: it is missing, damaged, or something else.
    """
    archive = _load(path)
    if isinstance(archive, np.ndarray):
        raise InputError(f"cannot read recording {path} (it is a single array): name it .npy")
    return named_columns(str(path), archive, sensor_size)


def named_columns(origin: str, columns: Mapping[str, NDArray[Any]], sensor_size: int) -> Events:
    """Events of columns by the names that libraries give them.

    Raises:
        InputError: a column is missing, is given by two names, is not [events] or not of numbers; the message begins
            with ``origin`` and names it.
    """
    found = {column: [name for name in names if name in columns] for column, names in _NAMES.items()}
    for column, names in found.items():
        if len(names) != 1:
            raise InputError(
                f"{origin} is not a recording: expected an array [events] called {' or '.join(_NAMES[column])}, found "
                f"{', '.join(columns) or 'none'}"
            )
    x, y, p, t = (columns[names[0]] for names in found.values())
    for (name,), values in zip(found.values(), (x, y, p, t), strict=True):
        kinds, spoken = ("iuf", "finite numbers") if values is t else ("iub", "whole numbers")
        if x.ndim != 1 or values.shape != x.shape:
            raise InputError(f"{origin} is not a recording: expected {name} [events], found {list(values.shape)}")
        if values.dtype.kind not in kinds or not np.isfinite(values).all():
            raise InputError(f"{origin} is not a recording: expected {spoken} in {name}, found {values.dtype}")
    if t.dtype.kind == "f":
        t = np.rint(t if (t % 1 == 0).all() else t * 1e6)
    return _events(origin, x, y, p, t, sensor_size)


def _load(path: Path) -> NDArray[Any] | dict[str, NDArray[Any]]:
    """The array of a .npy file, or those of a .npz file by name."""
    try:
        with path.open("rb") as file:
            content = np.load(file, allow_pickle=False)
            return content if isinstance(content, np.ndarray) else dict(content)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(f"cannot read recording {path} ({error}): copy it again") from None


def _fits(rows: NDArray[Any], order: str) -> bool:
    """Whether columns in this order can be those of a recording: two polarities at most, and time that never falls."""
    p, t = (rows[:, order.index(name)] for name in "pt")
    return bool((np.isin(p, (0, 1)).all() or np.isin(p, (-1, 1)).all()) and (np.diff(t) >= 0).all())


def _events(
    origin: str, x: NDArray[Any], y: NDArray[Any], p: NDArray[Any], time_us: NDArray[Any], sensor_size: int
) -> Events:
    polarity = p > 0 if np.isin(p, (-1, 1)).all() else p
    return whole_events(origin, x=x, y=y, polarity=polarity, time_us=time_us, sensor_size=sensor_size)

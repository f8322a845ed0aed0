"""The file format of N-MNIST and N-Caltech101: 5 bytes an event, x, y, polarity and 23 bits of time, big end first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast.datasets import DATASETS
from spikecast.errors import InputError
from spikecast.events.recordings import Events, whole_events

_NMNIST_SIDE = DATASETS["nmnist-full"].side
_EVENT_BYTES = 5
#: In row 240, which no sensor has, an event only says that the clock ran over: so many microseconds have passed.
_RAN_OVER, _PASSED_US = 240, 2**13


def read_nmnist(path: Path) -> Events:
    """Read one file of N-MNIST.

    Raises:
        InputError: the file is missing, cut, or not N-MNIST.
    """
    events = Events(**_columns(path))
    if not len(events.x) or max(events.x.max(), events.y.max()) >= _NMNIST_SIDE or (np.diff(events.time_us) < 0).any():
        raise InputError(
            f"{path} is not an N-MNIST recording: coordinates must be below {_NMNIST_SIDE} and times must not fall"
        )
    return events


def read_bin(path: Path, sensor_size: int) -> Events:
    """Read one file of this format from a sensor of any size.

    Raises:
        InputError: the file is missing, cut, or something else.
    """
    return whole_events(str(path), **_columns(path), sensor_size=sensor_size)


def _columns(path: Path) -> dict[str, NDArray[Any]]:
    try:
        raw = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    except OSError as error:
        raise InputError(f"cannot read recording {path}: {error.strerror}") from None
    if raw.size % _EVENT_BYTES:
        raise InputError(f"{path} is not whole: {raw.size} bytes, expected a multiple of {_EVENT_BYTES}; copy it again")
    columns = raw.reshape(-1, _EVENT_BYTES)
    x, y = columns[:, 0], columns[:, 1]
    high, middle, low = columns[:, 2:].astype(np.int32).T
    ran_over = y == _RAN_OVER
    time_us = (((high & 0x7F) << 16) | (middle << 8) | low) + _PASSED_US * np.cumsum(ran_over, dtype=np.int32)
    named = {"x": x, "y": y, "polarity": columns[:, 2] >> 7, "time_us": time_us}
    return {name: column[~ran_over] for name, column in named.items()}


def to_bin(events: Events) -> bytes:
    """The bytes of the official file: the inverse of ``read_nmnist``."""
    columns = np.empty((len(events.x), _EVENT_BYTES), dtype=np.uint8)
    columns[:, 0], columns[:, 1] = events.x, events.y
    columns[:, 2] = (events.polarity << 7) | (events.time_us >> 16)
    columns[:, 3], columns[:, 4] = (events.time_us >> 8) & 0xFF, events.time_us & 0xFF
    return columns.tobytes()

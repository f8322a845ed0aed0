"""The official N-MNIST file format: 5 bytes an event, x, y, then polarity and time in 24 bits, big end first."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spikecast.errors import InputError
from spikecast.events.recordings import Events

SENSOR_SIZE = 34
_EVENT_BYTES = 5


def read_bin(path: Path) -> Events:
    """Read one N-MNIST ``.bin`` file.

    Raises:
        InputError: the file is missing, cut, or not N-MNIST.
    """
    try:
        raw = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    except OSError as error:
        raise InputError(f"cannot read recording {path}: {error.strerror}") from None
    if raw.size == 0 or raw.size % _EVENT_BYTES:
        raise InputError(
            f"{path} is not a whole N-MNIST recording: {raw.size} bytes, expected a multiple of {_EVENT_BYTES}"
        )
    columns = raw.reshape(-1, _EVENT_BYTES).astype(np.int32)
    time_us = ((columns[:, 2] & 0x7F) << 16) | (columns[:, 3] << 8) | columns[:, 4]
    if columns[:, :2].max() >= SENSOR_SIZE or np.any(np.diff(time_us) < 0):
        raise InputError(
            f"{path} is not an N-MNIST recording: coordinates must be below {SENSOR_SIZE} and times must not fall"
        )
    x, y, polarity = (columns[:, 0], columns[:, 1], columns[:, 2] >> 7)
    return Events(x.astype(np.uint8), y.astype(np.uint8), polarity.astype(np.uint8), time_us.astype(np.int32))


def to_bin(events: Events) -> bytes:
    """The bytes of the official file: the inverse of ``read_bin``."""
    columns = np.empty((len(events.x), _EVENT_BYTES), dtype=np.uint8)
    columns[:, 0], columns[:, 1] = events.x, events.y
    columns[:, 2] = (events.polarity << 7) | (events.time_us >> 16)
    columns[:, 3], columns[:, 4] = (events.time_us >> 8) & 0xFF, events.time_us & 0xFF
    return columns.tobytes()

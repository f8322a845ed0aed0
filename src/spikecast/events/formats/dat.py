"""Prophesee's DAT files, as of N-CARS: lines that begin with %, two bytes, then 8 bytes an event, little end first.

The two bytes are a type and the size of an event. An event is its microseconds in 32 bits, then 14 bits x, 14 bits y
and 4 bits polarity, lowest first.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from spikecast.errors import InputError
from spikecast.events.recordings import Events, unwrapped, whole_events

_HEADER = re.compile(rb"(%[^\n]*\n)+")
_VERSION = re.compile(rb"^% *Version +2 *\r?$", re.IGNORECASE | re.MULTILINE)
_SIDE = re.compile(rb"^% *(?:Width|Height) +(\d+) *\r?$", re.IGNORECASE | re.MULTILINE)
#: Bytes at the begin of a file in which its header is looked for.
_LONGEST_HEADER = 2**16
_EVENT = np.dtype([("time_us", "<u4"), ("pixel", "<u4")])


def read_dat(path: Path, sensor_size: int) -> Events:
    """The events of one file.

    Raises:
        InputError: the file is missing, cut, of another version, or something else.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read recording {path}: {error.strerror}") from None
    header = _HEADER.match(raw)
    start = header.end() + 2 if header else 0
    if (
        header is None
        or _VERSION.search(header[0]) is None
        or raw[start - 1 : start] != bytes([_EVENT.itemsize])
        or (len(raw) - start) % _EVENT.itemsize
    ):
        raise InputError(
            f"{path} is not a whole DAT recording: expected lines that begin with %, among them % Version 2, and "
            f"{_EVENT.itemsize} bytes an event behind them"
        )
    events = np.frombuffer(raw, _EVENT, offset=start)
    pixel = events["pixel"]
    return whole_events(
        str(path),
        x=pixel & 0x3FFF,
        y=pixel >> 14 & 0x3FFF,
        polarity=pixel >> 28,
        time_us=unwrapped(events["time_us"]),
        sensor_size=sensor_size,
    )


def side_of_dat(path: Path) -> int | None:
    """The larger of width and height, if the header says both.

    Raises:
        InputError: the file is missing.
    """
    try:
        with path.open("rb") as file:
            header = _HEADER.match(file.read(_LONGEST_HEADER))
    except OSError as error:
        raise InputError(f"cannot read recording {path}: {error.strerror}") from None
    sides = _SIDE.findall(header[0]) if header else []
    return max(map(int, sides)) if len(sides) == 2 else None

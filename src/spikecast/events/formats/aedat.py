"""Files of event cameras in jAER's AEDAT 2.0, as of a DVS128, and in AEDAT4.

AEDAT 2.0 is lines that begin with #, then 8 bytes an event, address and microseconds. Numbers are 32 bits, big end
first. Bit 0 of an address is 1 where it became darker, bits 1-7 count columns from the right, bits 8-14 count rows from
below, as jAER's DVS128 chip class has it. Bits 15 and 31 mark synchronization pulses, which are no pixels.

AEDAT4 is read by tonic (GPL-3.0, an optional dependency), which nothing else here knows: by its reader of single files,
not by its data set classes, which download what they do not find, and count files before they believe that all is
there.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spikecast.errors import InputError, needs
from spikecast.events.recordings import Events, unwrapped, whole_events

#: Side of a DVS128 in pixels: seven bits an axis.
DVS128_SIDE = 128
_FIRST_BYTES = b"#!AER-DAT2."
_EVENT = np.dtype([("address", ">u4"), ("time_us", ">u4")])
_NOT_A_PIXEL, _UNUSED_BITS = 0x8000_8000, 0x7FFF_0000


def read_dvs128(path: Path, sensor_size: int = DVS128_SIDE) -> Events:
    """The events of one file, upright: x from the left, y from above, polarity 1 where it became brighter.

    Raises:
        InputError: the file is missing, cut, of another version, or of another sensor.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read recording {path}: {error.strerror}") from None
    start = _end_of_header(raw)
    if not raw.startswith(_FIRST_BYTES) or (len(raw) - start) % _EVENT.itemsize:
        raise InputError(
            f"{path} is not a whole AEDAT 2.0 recording: expected {_FIRST_BYTES.decode()}0 on its first line, and "
            f"{_EVENT.itemsize} bytes an event behind the lines that begin with #"
        )
    events = np.frombuffer(raw, _EVENT, offset=start)
    events = events[events["address"] & _NOT_A_PIXEL == 0]
    address = events["address"].astype(np.int64)
    if np.any(address & _UNUSED_BITS):
        raise InputError(f"{path} is not of a DVS128, the only sensor read from .aedat files: convert it to .npy")
    return whole_events(
        str(path),
        x=DVS128_SIDE - 1 - (address >> 1 & 0x7F),
        y=DVS128_SIDE - 1 - (address >> 8 & 0x7F),
        polarity=1 - (address & 1),
        time_us=unwrapped(events["time_us"]),
        sensor_size=sensor_size,
    )


def _end_of_header(raw: bytes) -> int:
    """Where the first event begins: no event of a DVS128 begins with the byte of a #."""
    start = 0
    while raw.startswith(b"#", start):
        start = raw.find(b"\n", start) + 1 or len(raw)
    return start


def read_aedat4(path: Path, sensor_size: int) -> Events:
    """The events of the first event stream in an AEDAT4 file.

    Raises:
        InputError: the file is damaged or holds no events, or tonic or aedat, which tonic decodes with, is missing.
    """
    with needs(f"reading {path}", "train"):
        import aedat  # type: ignore[import-not-found,unused-ignore]  # noqa: F401
        from tonic import io  # type: ignore[import-untyped,unused-ignore]
    try:
        rows = io.read_aedat4(str(path))
    except Exception as error:  # the decoder has no exceptions of its own
        raise InputError(f"cannot read recording {path} ({error}): copy it again") from None
    # Names of the columns differ between versions of the decoder, their order does not.
    time_us, x, y, polarity = (np.asarray(rows[name]) for name in rows.dtype.names[:4])
    return whole_events(str(path), x=x, y=y, polarity=polarity, time_us=time_us, sensor_size=sensor_size)


def side_of_aedat4(path: Path) -> int | None:
    """The longer side of the sensor of the first event stream.

    Raises:
        InputError: the file is damaged or holds no event stream, or aedat is missing.
    """
    with needs(f"reading {path}", "train"):
        import aedat
    try:
        streams = aedat.Decoder(str(path)).id_to_stream()
    except Exception as error:  # the decoder has no exceptions of its own
        raise InputError(f"cannot read recording {path} ({error}): copy it again") from None
    of_events = [stream for _, stream in sorted(streams.items()) if stream["type"] == "events"]
    if not of_events:
        raise InputError(f"{path} holds no events: remove it, or record it again")
    return int(max(of_events[0]["width"], of_events[0]["height"]))

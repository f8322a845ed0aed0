"""Packed recordings on disk: one compressed npz without any Python objects in it.

Times are kept as differences, which are small: 5 bytes an event become about 2.5, and every event, in its
order, comes back exactly.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spikecast.errors import InputError
from spikecast.events.recordings import Recordings

_FIELDS = ("x", "y", "polarity", "time_step_us", "offsets", "labels", "names", "official_test", "sensor_size")


def save_recordings(path: Path, recordings: Recordings) -> None:
    """Pack recordings into ``path``.

    Raises:
        InputError: two events of one recording are more than 65 ms apart, or times fall.
    """
    steps = np.diff(recordings.time_us, prepend=0).astype(np.int64)
    starts = recordings.offsets[:-1][np.diff(recordings.offsets) > 0]
    steps[starts] = recordings.time_us[starts]
    if steps.size and not 0 <= steps.min() <= steps.max() <= np.iinfo(np.uint16).max:
        raise InputError(f"cannot pack {path}: times fall, or two events are more than 65535 us apart")
    np.savez_compressed(
        path,
        x=recordings.x,
        y=recordings.y,
        polarity=np.packbits(recordings.polarity),
        time_step_us=steps.astype(np.uint16),
        offsets=recordings.offsets,
        labels=recordings.labels,
        names=recordings.names,
        official_test=recordings.official_test,
        sensor_size=np.int64(recordings.sensor_size),
    )


def load_recordings(path: Path) -> Recordings:
    """Read packed recordings and check that they are whole.

    Raises:
        InputError: the file is missing, damaged, or not a packed recording.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read recordings {path}: {error.strerror}") from None
    try:
        with np.load(io.BytesIO(raw), allow_pickle=False) as archive:
            fields = {name: archive[name] for name in _FIELDS}
    except (ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(
            f"{path} is not a whole file of packed recordings ({error}): restore it, or pack the recordings again"
        ) from None
    _check(path, fields)
    offsets = fields["offsets"]
    return Recordings(
        x=fields["x"],
        y=fields["y"],
        polarity=np.unpackbits(fields["polarity"], count=int(offsets[-1])),
        time_us=_absolute_times(fields["time_step_us"], offsets),
        offsets=offsets,
        labels=fields["labels"],
        names=fields["names"],
        official_test=fields["official_test"],
        sensor_size=int(fields["sensor_size"]),
    )


def _absolute_times(steps: NDArray[np.uint16], offsets: NDArray[np.int64]) -> NDArray[np.int32]:
    total = np.concatenate([[0], np.cumsum(steps, dtype=np.int64)])
    elapsed = total[1:] - np.repeat(total[offsets[:-1]], np.diff(offsets))
    return np.asarray(elapsed, dtype=np.int32)


def _check(path: Path, fields: dict[str, NDArray[np.generic]]) -> None:
    offsets, samples = fields["offsets"], len(fields["labels"])
    events = len(fields["x"])
    side = int(fields["sensor_size"])
    whole = (
        len(offsets) == samples + 1
        and offsets[0] == 0
        and offsets[-1] == events
        and bool(np.all(np.diff(offsets) >= 0))
        and len(fields["y"]) == len(fields["time_step_us"]) == events
        and len(fields["polarity"]) == -(-events // 8)
        and len(fields["names"]) == len(fields["official_test"]) == samples
    )
    if not whole:
        raise InputError(f"{path}: its arrays do not fit together; pack the recordings again")
    if events and max(fields["x"].max(), fields["y"].max()) >= side:
        raise InputError(f"{path}: an event lies outside the {side} x {side} sensor; pack the recordings again")

"""Recordings that are still on disk: one file each, read when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spikecast.errors import InputError
from spikecast.events.recordings import Events, Recordings, join_recordings


@dataclass(frozen=True)
class RecordingFiles:
    """A data set whose events would not all fit into memory; it is read part by part.

    Attributes:
        paths: one file per recording.
        read: the events of one file; raises InputError if it is damaged.
        labels, names, official_test, sensor_size: as of Recordings.
    """

    paths: Sequence[Path]
    read: Callable[[Path], Events]
    labels: NDArray[np.uint8]
    names: NDArray[np.str_]
    official_test: NDArray[np.bool_]
    sensor_size: int

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, start: int, stop: int) -> Recordings:
        """Read recordings start:stop."""
        samples = slice(start, stop)
        return join_recordings(
            [self.read(path) for path in self.paths[samples]],
            labels=self.labels[samples],
            names=self.names[samples],
            official_test=self.official_test[samples],
            sensor_size=self.sensor_size,
        )


def whole_events(
    origin: str,
    *,
    x: NDArray[np.generic],
    y: NDArray[np.generic],
    polarity: NDArray[np.generic],
    time_us: NDArray[np.generic],
    sensor_size: int,
) -> Events:
    """Events of one recording, checked, in order of time, which counts from the first.

    Raises:
        InputError: there are none, one lies outside the sensor, or they last longer than 35 minutes; the message
            begins with ``origin``.
    """
    x, y, polarity, time = (np.asarray(column, dtype=np.int64) for column in (x, y, polarity, time_us))
    if not x.size:
        raise InputError(f"{origin} holds no events: remove it, or copy it again")
    if min(x.min(), y.min()) < 0 or max(x.max(), y.max()) >= sensor_size or not np.isin(polarity, (0, 1)).all():
        raise InputError(
            f"{origin} is not a recording of a {sensor_size} x {sensor_size} sensor: "
            f"coordinates must be 0..{sensor_size - 1} and polarities 0 or 1"
        )
    time = time - time.min()
    if time.max() > np.iinfo(np.int32).max:
        raise InputError(f"{origin} lasts {time.max()} us: a recording may last 35 minutes")
    order = np.argsort(time, kind="stable")
    pixel = np.min_scalar_type(sensor_size - 1)
    return Events(
        x[order].astype(pixel),
        y[order].astype(pixel),
        polarity[order].astype(np.uint8),
        time[order].astype(np.int32),
    )

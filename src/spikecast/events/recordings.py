"""Labeled event recordings: in memory as flat arrays, or still on disk, one file each, read when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikecast.errors import InputError

#: One byte a coordinate, unless the sensor has more than 256 pixels a side.
Pixels = NDArray[np.uint8 | np.uint16]


class Events(NamedTuple):
    """One recording: x, y (Pixels), polarity (uint8) and time_us (int32), all [events]."""

    x: Pixels
    y: Pixels
    polarity: NDArray[np.uint8]
    time_us: NDArray[np.int32]


@dataclass(frozen=True)
class Recordings:
    """Labeled event recordings, one behind the other.

    Attributes:
        x, y: uint8[events], or uint16 if sensor_size is above 256, pixel coordinates.
        polarity: uint8[events], 0 (darker) or 1 (brighter).
        time_us: int32[events], microseconds since the start of the recording, never falling within one.
        offsets: int64[samples + 1], recording i holds events offsets[i]:offsets[i + 1].
        labels: uint8[samples], class of each recording.
        names: str[samples], file names in the data set's official layout.
        official_test: bool[samples], whether a recording belongs to the official test part.
        sensor_size: side of the square sensor in pixels.
    """

    x: Pixels
    y: Pixels
    polarity: NDArray[np.uint8]
    time_us: NDArray[np.int32]
    offsets: NDArray[np.int64]
    labels: NDArray[np.uint8]
    names: NDArray[np.str_]
    official_test: NDArray[np.bool_]
    sensor_size: int

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, in order of labels: their numbers."""
        return numbered_classes(int(self.labels.max()) + 1)

    def sample_of_event(self) -> NDArray[np.int64]:
        """int64[events]: the recording that each event belongs to."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def events(self, sample: int) -> dict[str, NDArray[Any]]:
        """The events of one recording: x, y, polarity, time_us."""
        window = slice(self.offsets[sample], self.offsets[sample + 1])
        return {name: getattr(self, name)[window] for name in Events._fields}

    def only(self, kept: NDArray[np.bool_]) -> Recordings:
        """All recordings, with those events alone of which ``kept``, bool[events], is true; some may lose them all."""
        survivors = np.concatenate([[0], np.cumsum(kept)])
        columns = {name: getattr(self, name)[kept] for name in Events._fields}
        return replace(self, **columns, offsets=survivors[self.offsets])

    def part(self, start: int, stop: int) -> Recordings:
        """Recordings start:stop alone."""
        samples = slice(start, stop)
        offsets = self.offsets[start : stop + 1]
        events = slice(offsets[0], offsets[-1])
        return Recordings(
            x=self.x[events],
            y=self.y[events],
            polarity=self.polarity[events],
            time_us=self.time_us[events],
            offsets=offsets - offsets[0],
            labels=self.labels[samples],
            names=self.names[samples],
            official_test=self.official_test[samples],
            sensor_size=self.sensor_size,
        )


@dataclass(frozen=True)
class RecordingFiles:
    """A data set whose events would not all fit into memory; it is read part by part.

    Attributes:
        paths: one file per recording.
        read: the events of one file; raises InputError if it is damaged.
        labels, names, official_test, sensor_size: of all of them, as ``Recordings`` describes them.
        classes: their names, in order of labels.
        groups: str[samples], equal for recordings that must stay on one side of a split; None: each may go anywhere.
    """

    paths: Sequence[Path]
    read: Callable[[Path], Events]
    labels: NDArray[np.uint8]
    names: NDArray[np.str_]
    official_test: NDArray[np.bool_]
    sensor_size: int
    classes: tuple[str, ...]
    groups: NDArray[np.str_] | None = None

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


def numbered_classes(count: int) -> tuple[str, ...]:
    """Names of classes that have none of their own."""
    return tuple(map(str, range(count)))


def join_recordings(
    events: Sequence[Events],
    *,
    labels: NDArray[np.uint8],
    names: NDArray[np.str_],
    official_test: NDArray[np.bool_],
    sensor_size: int,
) -> Recordings:
    """Recordings of at least one sample, from the events of each."""
    x, y, polarity, time_us = (np.concatenate(column) for column in zip(*events, strict=True))
    offsets = np.concatenate([[0], np.cumsum([len(recording.x) for recording in events])]).astype(np.int64)
    return Recordings(x, y, polarity, time_us, offsets, labels, names, official_test, sensor_size)


def unwrapped(ticks: NDArray[np.unsignedinteger]) -> NDArray[np.int64]:
    """Times of a clock of 32 bits that ran over, going on: where it falls by more than half of its range."""
    times = ticks.astype(np.int64)
    times[1:] += np.cumsum(np.diff(times) < -(2**31)) << 32
    return times


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

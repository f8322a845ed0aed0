"""Which recordings a data set had when it was read: counted, and hashed event by event."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from spikecast.events.recordings import Events, Recordings


@dataclass(frozen=True)
class Identity:
    """What rows say of the recordings that they were made from.

    Attributes:
        recordings: how many there are.
        events: of all recordings together, as read: before denoising and cropping.
        classes: their names, in the order of outputs.
        side: of the square frame, in pixels of the sensor.
        split: by which rule recordings train or evaluate.
        trained: how many train; the others evaluate.
        sha256: of every recording's name, class, part and events, in order: another machine or place gives the same.
    """

    recordings: int
    events: int
    classes: tuple[str, ...]
    side: int
    split: str
    trained: int
    sha256: str

    def columns(self) -> dict[str, int | str]:
        """A row's columns, those of ``spikecast.rows.RECORDINGS_COLUMNS``; names of classes are joined by /."""
        values = {**vars(self), "classes": "/".join(self.classes)}
        return {f"data_{name}": value for name, value in values.items()}


class Digest:
    """Counts and hashes the recordings that are added, part by part, in order."""

    def __init__(self) -> None:
        self.events = 0
        self._hash = hashlib.sha256()

    def add(self, recordings: Recordings) -> None:
        """Add the next recordings; how many at a time does not matter."""
        for index, events in enumerate(np.diff(recordings.offsets).tolist()):
            about = (recordings.names[index], int(recordings.labels[index]), bool(recordings.official_test[index]))
            self._hash.update(repr((str(about[0]), *about[1:], recordings.sensor_size, events)).encode())
            columns = recordings.events(index)
            for name in Events._fields:
                self._hash.update(columns[name].data)
            self.events += events

    def hexdigest(self) -> str:
        """The sha256 of all that was added."""
        return self._hash.hexdigest()

"""Recordings: event streams of many samples, as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Recordings:
    """Labelled event recordings, one behind the other.

    Attributes:
        x, y: uint8[events], pixel coordinates.
        polarity: uint8[events], 0 (darker) or 1 (brighter).
        time_us: int32[events], microseconds since the start of the recording, never falling within one.
        offsets: int64[samples + 1], recording i holds events offsets[i]:offsets[i + 1].
        labels: uint8[samples], class of each recording.
        names: str[samples], file names in the data set's official layout.
        official_test: bool[samples], whether a recording belongs to the official test part.
        sensor_size: side of the square sensor in pixels.
    """

    x: NDArray[np.uint8]
    y: NDArray[np.uint8]
    polarity: NDArray[np.uint8]
    time_us: NDArray[np.int32]
    offsets: NDArray[np.int64]
    labels: NDArray[np.uint8]
    names: NDArray[np.str_]
    official_test: NDArray[np.bool_]
    sensor_size: int

    def __len__(self) -> int:
        return len(self.labels)

    def sample_of_event(self) -> NDArray[np.int64]:
        """int64[events]: the recording that each event belongs to."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def events(self, sample: int) -> dict[str, NDArray[Any]]:
        """The events of one recording: x, y, polarity, time_us."""
        window = slice(self.offsets[sample], self.offsets[sample + 1])
        return {name: getattr(self, name)[window] for name in ("x", "y", "polarity", "time_us")}

"""Isolated events dropped: what a sensor's noise looks like."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spikecast.compiled import compiled
from spikecast.events.recordings import Pixels, Recordings


def denoised(recordings: Recordings, filter_us: int = 10_000) -> Recordings:
    """Keep an event only if one of its four neighbour pixels had one less than ``filter_us`` before it.

    As tonic's ``Denoise`` does it: the pixel itself does not count, dropped events do, and in the first
    ``filter_us`` of a recording all events stay. A recording may lose all its events.
    """
    kept = _kept(recordings.x, recordings.y, recordings.time_us, recordings.offsets, recordings.sensor_size, filter_us)
    return recordings.only(kept)


@compiled
def _kept(
    x: Pixels,
    y: Pixels,
    time_us: NDArray[np.int32],
    offsets: NDArray[np.int64],
    sensor_size: int,
    filter_us: int,
) -> NDArray[np.bool_]:
    kept = np.zeros(len(x), dtype=np.bool_)
    # Until when an event supports its neighbours; a border all around saves asking where the sensor ends.
    supports_until = np.empty((sensor_size + 2, sensor_size + 2), dtype=np.int64)
    for sample in range(len(offsets) - 1):
        supports_until[:] = filter_us
        for event in range(offsets[sample], offsets[sample + 1]):
            column, row, now = np.int64(x[event]) + 1, np.int64(y[event]) + 1, time_us[event]
            supports_until[column, row] = now + filter_us
            kept[event] = (
                supports_until[column - 1, row] > now
                or supports_until[column + 1, row] > now
                or supports_until[column, row - 1] > now
                or supports_until[column, row + 1] > now
            )
    return kept

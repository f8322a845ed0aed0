"""Recordings to frames: equal time bins, both polarities, any square size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spikecast.datasets import POLARITIES
from spikecast.events.recordings import Recordings


def bin_recordings(recordings: Recordings, *, timesteps: int, size: int, binarise: bool = True) -> NDArray[np.uint8]:
    """Cut every recording, from its first to its last event, into equal time bins.

    A pixel (x, y) of the sensor falls on (x * size // sensor_size, y * size // sensor_size). A recording without
    events gives empty frames.

    Returns:
        uint8[samples, timesteps, 2, size, size]: 1 where at least one event fell, or with ``binarise=False``
        the number of events, at most 255.
    """
    sample = recordings.sample_of_event()
    first = recordings.time_us[recordings.offsets[:-1][sample]]
    last = recordings.time_us[recordings.offsets[1:][sample] - 1]
    elapsed = (recordings.time_us - first).astype(np.int64)
    step = elapsed * timesteps // (last.astype(np.int64) - first + 1)
    x = recordings.x.astype(np.int64) * size // recordings.sensor_size
    y = recordings.y.astype(np.int64) * size // recordings.sensor_size
    shape = (len(recordings), timesteps, POLARITIES, size, size)
    cell = np.ravel_multi_index((sample, step, recordings.polarity, y, x), shape)
    if binarise:
        frames = np.zeros(shape, dtype=np.uint8)
        frames.reshape(-1)[cell] = 1
        return frames
    counts = np.bincount(cell, minlength=int(np.prod(shape)))
    return np.minimum(counts, 255).astype(np.uint8).reshape(shape)

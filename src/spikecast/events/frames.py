"""From recordings to frames: isolated events dropped, the middle of the sensor cut out, equal time bins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from spikecast._util.compiled import compiled
from spikecast.datasets import POLARITIES
from spikecast.errors import InputError
from spikecast.events.recordings import Pixels, Recordings


def bin_recordings(recordings: Recordings, *, timesteps: int, size: int, binarize: bool = True) -> NDArray[np.uint8]:
    """Cut every recording, from its first to its last event, into equal time bins.

    A pixel (x, y) of the sensor falls on (x * size // sensor_size, y * size // sensor_size). A recording without
    events gives empty frames.

    Returns:
        uint8[samples, timesteps, 2, size, size]: 1 where at least one event fell, or with ``binarize=False``
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
    if binarize:
        frames = np.zeros(shape, dtype=np.uint8)
        frames.reshape(-1)[cell] = 1
        return frames
    counts = np.bincount(cell, minlength=int(np.prod(shape)))
    return np.minimum(counts, 255).astype(np.uint8).reshape(shape)


def cropped(recordings: Recordings, side: int) -> Recordings:
    """Keep the centered square of ``side`` pixels; coordinates count from its corner, events outside are dropped.

    If the sensor has an odd number of pixels more, the square lies one nearer to the corner (0, 0). A recording may
    lose all its events.

    Raises:
        InputError: the square is empty or larger than the sensor.
    """
    if not 0 < side <= recordings.sensor_size:
        raise InputError(f"crop {side} is not allowed: the sensor has {recordings.sensor_size} pixels a side")
    margin = (recordings.sensor_size - side) // 2
    # Pixels are unsigned: left of the square they wrap round to large numbers, which are outside as well.
    x, y = recordings.x - recordings.x.dtype.type(margin), recordings.y - recordings.y.dtype.type(margin)
    return replace(recordings, x=x, y=y, sensor_size=side).only((x < side) & (y < side))


def denoised(recordings: Recordings, filter_us: int = 10_000) -> Recordings:
    """Keep an event only if one of its four neighbor pixels had one less than ``filter_us`` before it.

    The rule is that of tonic's ``Denoise``: the pixel itself does not count, dropped events do, and in the first
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
    # Until when an event supports its neighbors; a border all around saves asking where the sensor ends.
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

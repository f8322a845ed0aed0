"""The middle of the sensor, cut out."""

from __future__ import annotations

from dataclasses import replace

from spikecast.errors import InputError
from spikecast.events.recordings import Recordings


def cropped(recordings: Recordings, side: int) -> Recordings:
    """Keep the centred square of ``side`` pixels; coordinates count from its corner, events outside are dropped.

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

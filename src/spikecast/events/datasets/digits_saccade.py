"""digits-saccade: scikit-learn's handwritten digits, seen by a simulated event camera that makes three saccades.

The scans are real, the events are not: each 8 x 8 digit is enlarged four times, moved along the triangle of N-MNIST
in front of a noise-free sensor, and turned into events by ``_crossings``. Everything that decides an event is a whole
number, so the events are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikecast.datasets import DATASETS
from spikecast.events.recordings import Recordings

_SIDE = DATASETS["digits-saccade"].side
#: Side of a scan in pixels, and how many sensor pixels one of them covers.
_SCAN_SIZE, _ENLARGED = 8, 4
#: The scene moves in steps of a sixteenth of a pixel.
_UNITS = 16
#: Corners of the triangle (x, y) in those units. Each side is one saccade.
_CORNERS = ((-32, -32), (0, 32), (32, -32), (-32, -32))
_STEPS_PER_SACCADE, _STEP_US = 32, 3_125
#: A pixel fires when its log intensity has changed by this many grid steps; the grid has _GRID steps per factor e.
_GRID, _THRESHOLD = 256, 128
#: Intensity of the dark background, as a share of the brightest ink.
_BACKGROUND = 0.1
#: Every sixth scan of a digit is for testing.
_TEST_EVERY = 6


def digits_saccade() -> Recordings:
    """All 1,797 recordings, about 300 ms each: simulated, deterministic, built anew in some seconds."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    labels = digits.target.astype(np.uint8)
    keys = np.sort(_event_keys(digits.images))
    sample, time_us, y, x, polarity = np.unravel_index(keys, _key_shape(len(labels)))
    return Recordings(
        x=x.astype(np.uint8),
        y=y.astype(np.uint8),
        polarity=polarity.astype(np.uint8),
        time_us=time_us.astype(np.int32),
        offsets=np.concatenate([[0], np.cumsum(np.bincount(sample, minlength=len(labels)))]).astype(np.int64),
        labels=labels,
        names=np.array([f"{label}/{index:04d}" for index, label in enumerate(labels)]),
        official_test=_every_sixth_of_its_class(labels),
        sensor_size=_SIDE,
    )


def _key_shape(samples: int) -> tuple[int, ...]:
    """An event is one number: its place in an array of this shape. Sorted numbers are events in order."""
    duration_us = 3 * _STEPS_PER_SACCADE * _STEP_US
    return (samples, duration_us + 1, _SIDE, _SIDE, 2)


def _event_keys(scans: NDArray[np.float64]) -> NDArray[np.int64]:
    """Keys of all events of the scans [samples, 8, 8], in no particular order."""
    path = _path()
    levels = _log_levels()
    shape = _key_shape(len(scans))
    before = levels[_scene(scans, *path[0])]
    reference = before.copy()
    keys = []
    for step, (x, y) in enumerate(path[1:]):
        now = levels[_scene(scans, x, y)]
        keys += [
            np.ravel_multi_index((sample, step * _STEP_US + elapsed_us, *pixel, polarity), shape)
            for (sample, *pixel), elapsed_us, polarity in _crossings(before, now, reference)
        ]
        before = now
    return np.concatenate(keys)


class _Crossings(NamedTuple):
    """At most one event of every pixel: its (sample, y, x), microseconds since the step began, and polarity."""

    pixels: tuple[NDArray[np.int64], ...]
    elapsed_us: NDArray[np.int64]
    polarity: NDArray[np.int64]


def _crossings(before: NDArray[np.int32], now: NDArray[np.int32], reference: NDArray[np.int32]) -> Iterator[_Crossings]:
    """Events of one step: a pixel fires each time it is a threshold away from its reference, which then follows.

    ``reference`` is moved in place.
    """
    while True:
        change = now - reference
        fires = np.nonzero(np.abs(change) >= _THRESHOLD)
        if not fires[0].size:
            return
        brighter = change[fires] > 0
        reference[fires] += np.where(brighter, _THRESHOLD, -_THRESHOLD)
        # The level moves evenly from before to now; the event falls where it meets the new reference.
        traveled = np.abs(reference[fires] - before[fires]).astype(np.int64)
        elapsed_us = traveled * _STEP_US // np.abs(now[fires] - before[fires])
        yield _Crossings(fires, elapsed_us, brighter.astype(np.int64))


def _path() -> list[tuple[int, int]]:
    """Positions (x, y) of the scene after every step, in units of a sixteenth pixel."""
    path = [_CORNERS[0]]
    for (x0, y0), (x1, y1) in pairwise(_CORNERS):
        for step in range(1, _STEPS_PER_SACCADE + 1):
            path.append((x0 + (x1 - x0) * step // _STEPS_PER_SACCADE, y0 + (y1 - y0) * step // _STEPS_PER_SACCADE))
    return path


def _scene(scans: NDArray[np.float64], x: int, y: int) -> NDArray[np.int64]:
    """The scans, enlarged and moved by (x, y) units: whole-number intensities [samples, 34, 34]."""
    # Floats hold these whole numbers exactly, and multiply faster.
    return np.asarray(_interpolation(y) @ scans @ _interpolation(x).T, dtype=np.int64)


def _interpolation(shift: int) -> NDArray[np.float64]:
    """Linear interpolation along one axis: whole-number weights [34, 8], zero outside the scan."""
    scale = _UNITS * _ENLARGED
    margin = (_SIDE - _SCAN_SIZE * _ENLARGED) // 2
    centers = np.arange(_SIDE) * _UNITS + _UNITS // 2 - margin * _UNITS - shift
    pixels = np.arange(_SCAN_SIZE) * scale + scale // 2
    return np.asarray(np.maximum(scale - np.abs(centers[:, None] - pixels), 0), dtype=np.float64)


def _log_levels() -> NDArray[np.int32]:
    """Log intensity of every whole-number intensity, rounded to the grid."""
    brightest = 16 * (_UNITS * _ENLARGED) ** 2
    intensity = np.arange(brightest + 1) / (brightest * _BACKGROUND)
    return np.asarray(np.rint(_GRID * np.log1p(intensity)), dtype=np.int32)


def _every_sixth_of_its_class(labels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    rank = np.empty(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        rank[members] = np.arange(len(members))
    return np.asarray(rank % _TEST_EVERY == _TEST_EVERY - 1)

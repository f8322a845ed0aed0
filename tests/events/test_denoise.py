from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from spikecast.events import Recordings, bin_recordings, denoised, load_dataset
from spikecast.events.recordings import Events, join_recordings


def random_events(seed: int, count: int, side: int, gap_us: int) -> Events:
    random = np.random.default_rng(seed)
    x, y = random.integers(0, side, (2, count), dtype=np.uint8)
    time_us = np.cumsum(random.integers(0, gap_us, count)).astype(np.int32)
    return Events(x, y, random.integers(0, 2, count, dtype=np.uint8), time_us)


def joined(*events: Events, side: int) -> Recordings:
    count = len(events)
    return join_recordings(
        events,
        labels=np.zeros(count, np.uint8),
        names=np.array(["a"] * count),
        official_test=np.zeros(count, bool),
        sensor_size=side,
    )


def as_structured(events: Events) -> np.ndarray:
    columns = [("x", np.int16), ("y", np.int16), ("t", np.int64), ("p", np.int8)]
    structured = np.zeros(len(events.x), dtype=columns)
    structured["x"], structured["y"] = events.x, events.y
    structured["t"], structured["p"] = events.time_us, events.polarity
    return structured


@pytest.mark.parametrize(("side", "gap_us", "filter_us"), [(5, 2_000, 10_000), (34, 300, 10_000), (128, 40, 10_000)])
def test_same_events_stay_as_in_tonic(side: int, gap_us: int, filter_us: int) -> None:
    transforms = pytest.importorskip("tonic.transforms")
    samples = [random_events(seed, 2_000, side, gap_us) for seed in range(3)]
    ours = denoised(joined(*samples, side=side), filter_us)
    for index, events in enumerate(samples):
        theirs = transforms.Denoise(filter_time=filter_us)(as_structured(events))
        assert 0 < len(theirs) < len(events.x)
        for name, column in (("x", "x"), ("y", "y"), ("t", "time_us"), ("p", "polarity")):
            assert np.array_equal(theirs[name], ours.events(index)[column])


def test_only_a_recent_neighbor_supports_an_event() -> None:
    x = np.array([5, 5, 6, 6, 9, 7, 0], np.uint8)
    y = np.array([5, 5, 5, 6, 9, 7, 0], np.uint8)
    time_us = np.array([20_000, 20_100, 20_200, 30_200, 30_300, 30_400, 99_000], np.int32)
    events = Events(x, y, np.zeros(7, np.uint8), time_us)
    # The second is on the same pixel, the fourth a moment too late, the sixth diagonal.
    assert denoised(joined(events, side=34)).time_us.tolist() == [20_200]


def test_the_first_moments_stay() -> None:
    events = Events(*np.array([[3, 9, 20]] * 2 + [[0, 1, 0]], np.uint8), np.array([0, 9_999, 10_000], np.int32))
    assert denoised(joined(events, side=34)).time_us.tolist() == [0, 9_999]


def test_recordings_do_not_support_each_other_and_may_become_empty() -> None:
    lonely = Events(*np.ones((3, 1), np.uint8), np.array([50_000], np.int32))
    neighbor = Events(*np.array([[2], [1], [1]], np.uint8), np.array([50_000], np.int32))
    empty = denoised(joined(lonely, neighbor, side=34))
    assert empty.offsets.tolist() == [0, 0, 0]
    assert bin_recordings(empty, timesteps=4, size=32).sum() == 0


@given(st.integers(0, 2**32 - 1), st.integers(1, 30_000))
def test_a_longer_memory_keeps_more(seed: int, filter_us: int) -> None:
    recordings = joined(random_events(seed, 200, 12, 3_000), side=12)
    short, long = (set(denoised(recordings, time).time_us.tolist()) for time in (filter_us, 2 * filter_us))
    assert short <= long


def test_n_mnist_has_little_noise() -> None:
    recordings = load_dataset("nmnist")
    assert 0.8 < len(denoised(recordings).x) / len(recordings.x) < 1

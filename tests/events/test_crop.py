"""The middle of the sensor, cut out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spikecast import datasets
from spikecast.datasets import DATASETS, EVENTS_VARIABLE
from spikecast.errors import InputError
from spikecast.events import Recordings, bin_recordings, load_binned, split_dataset
from spikecast.events.formats.bin import to_bin
from spikecast.events.frames import cropped
from spikecast.events.recordings import Events, join_recordings, whole_events


def random_events(seed: int, side: int) -> Events:
    random = np.random.default_rng(seed)
    x, y = random.integers(0, side, (2, 500))
    return whole_events("here", x=x, y=y, polarity=random.integers(0, 2, 500), time_us=np.arange(500), sensor_size=side)


def joined(side: int, *events: Events) -> Recordings:
    return join_recordings(
        events,
        labels=np.zeros(len(events), np.uint8),
        names=np.array(["a"] * len(events)),
        official_test=np.zeros(len(events), bool),
        sensor_size=side,
    )


@pytest.mark.parametrize(("side", "kept"), [(34, 20), (34, 21), (128, 112), (256, 2), (257, 1), (300, 256)])
def test_the_middle_stays_where_it_is(side: int, kept: int) -> None:
    recordings = joined(side, random_events(0, side), random_events(1, side))
    middle = cropped(recordings, kept)
    counts = bin_recordings(recordings, timesteps=1, size=side, binarize=False)
    first = (side - kept) // 2
    window = counts[..., first : first + kept, first : first + kept]
    assert middle.sensor_size == kept
    assert len(middle.x) == window.sum() < len(recordings.x)
    if kept > 2:
        assert np.array_equal(bin_recordings(middle, timesteps=1, size=kept, binarize=False), window)


def test_which_events_stay() -> None:
    events = Events(
        *np.array([[0, 1, 2, 3, 2], [2, 1, 2, 2, 0], [1, 0, 1, 0, 1]], np.uint8), np.arange(5, dtype=np.int32)
    )
    middle = cropped(joined(4, events, events), 2)
    assert [column.tolist() for column in middle.events(1).values()] == [[0, 1], [0, 1], [0, 1], [1, 2]]
    assert middle.offsets.tolist() == [0, 2, 4]


def test_all_of_it_changes_nothing() -> None:
    recordings = joined(34, random_events(0, 34))
    for name, column in vars(cropped(recordings, 34)).items():
        assert np.array_equal(column, getattr(recordings, name)), name


@pytest.mark.parametrize("side", [0, -1, 35])
def test_no_such_square(side: int) -> None:
    with pytest.raises(InputError, match=rf"crop {side} is not allowed: the sensor has 34 pixels a side"):
        cropped(joined(34, random_events(0, 34)), side)


def test_a_data_set_is_cropped_before_it_is_binned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events = [random_events(seed, 34) for seed in range(20)]
    for index, one in enumerate(events):
        folder = tmp_path / "NMNIST" / "Train" / str(index // 2)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{index:05d}.bin").write_bytes(to_bin(one))
    monkeypatch.setenv(EVENTS_VARIABLE, str(tmp_path))
    monkeypatch.setitem(datasets.DATASETS, "nmnist-full", replace(DATASETS["nmnist-full"], crop=16))
    recordings = joined(34, *events)
    frames = bin_recordings(cropped(recordings, 16), timesteps=2, size=8)
    assert not np.array_equal(frames, bin_recordings(recordings, timesteps=2, size=8))
    assert np.array_equal(load_binned("nmnist-full", 2, 8).train, frames[split_dataset("nmnist-full").train])


def test_only_small_digits_are_cropped() -> None:
    assert {name: dataset.crop for name, dataset in DATASETS.items() if dataset.crop is not None} == {
        "mnist-dvs-scale8": 64,
        "mnist-dvs-scale4": 32,
    }

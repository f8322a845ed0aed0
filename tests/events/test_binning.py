from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spikecast.events import BinnedSplit, Recordings, bin_recordings, load_dataset, split_dataset


@pytest.fixture(scope="module")
def recordings() -> Recordings:
    return load_dataset("nmnist")


def permuted(recordings: Recordings, order: np.ndarray) -> Recordings:
    events = np.concatenate([np.arange(recordings.offsets[i], recordings.offsets[i + 1]) for i in order])
    sizes = np.diff(recordings.offsets)[order]
    return replace(
        recordings,
        x=recordings.x[events],
        y=recordings.y[events],
        polarity=recordings.polarity[events],
        time_us=recordings.time_us[events],
        offsets=np.concatenate([[0], np.cumsum(sizes)]),
        labels=recordings.labels[order],
    )


def test_split_is_stratified_and_complete(recordings: Recordings) -> None:
    split = split_dataset("nmnist")
    assert (len(split.train), len(split.evaluation)) == (800, 300)
    assert np.array_equal(np.sort(np.concatenate([split.train, split.evaluation])), np.arange(1100))
    assert recordings.official_test[split.evaluation].sum() == 100
    share = np.bincount(recordings.labels[split.train]) / np.bincount(recordings.labels[~recordings.official_test])
    assert np.abs(share - 0.8).max() < 0.01


def test_split_is_the_same_for_everyone() -> None:
    train = split_dataset("nmnist").train
    assert train[:5].tolist() == [100, 101, 102, 103, 104]
    assert int(train.sum()) == 479320


def test_shape_type_and_density(binned: BinnedSplit) -> None:
    assert binned.train.shape == (800, 4, 2, 32, 32)
    assert binned.train.dtype == np.uint8
    assert set(np.unique(binned.train)) == {0, 1}
    assert binned.train.mean() == pytest.approx(0.159, abs=0.001)


@pytest.mark.parametrize(("timesteps", "size"), [(1, 34), (4, 32), (7, 16), (10, 48)])
def test_counts_keep_every_event_and_binary_is_where_they_are(
    recordings: Recordings, timesteps: int, size: int
) -> None:
    counts = bin_recordings(recordings, timesteps=timesteps, size=size, binarize=False)
    binary = bin_recordings(recordings, timesteps=timesteps, size=size)
    assert counts.max() < 255
    assert np.array_equal(counts.sum(axis=(1, 2, 3, 4)), np.diff(recordings.offsets))
    assert np.array_equal(binary, counts > 0)


def test_time_bins_are_equal(recordings: Recordings) -> None:
    counts = bin_recordings(recordings, timesteps=3, size=34, binarize=False).sum(axis=(2, 3, 4))
    window = recordings.events(7)["time_us"].astype(np.int64)
    third = (window[-1] - window[0] + 1) / 3
    expected = [np.sum((window - window[0] >= i * third) & (window - window[0] < (i + 1) * third)) for i in range(3)]
    assert counts[7].tolist() == expected


def test_one_event_lands_where_it_should(recordings: Recordings) -> None:
    frames = bin_recordings(recordings, timesteps=4, size=17, binarize=False)
    events = recordings.events(0)
    manual = np.zeros((4, 2, 17, 17), int)
    length = int(events["time_us"][-1]) - int(events["time_us"][0]) + 1
    for x, y, p, t in zip(*events.values(), strict=True):
        manual[(int(t) - int(events["time_us"][0])) * 4 // length, p, int(y) // 2, int(x) // 2] += 1
    assert np.array_equal(frames[0], manual)


def test_permuting_recordings_permutes_frames(recordings: Recordings) -> None:
    order = np.random.default_rng(0).permutation(len(recordings))
    frames = bin_recordings(recordings, timesteps=4, size=32)
    assert np.array_equal(bin_recordings(permuted(recordings, order), timesteps=4, size=32), frames[order])


def test_shared_arrays_cannot_be_changed(binned: BinnedSplit) -> None:
    with pytest.raises(ValueError, match="read-only"):
        binned.train[0] = 0

"""Which recordings train and which evaluate: both sides of every class, whole groups, and what was always so."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st

from spikecast.errors import InputError
from spikecast.events import load_dataset, split_dataset, split_recordings
from spikecast.events.recordings import RecordingFiles, numbered_classes
from spikecast.events.split import TRAIN_SHARE


def recordings_of(labels: list[int], test: list[bool] | None = None, groups: list[str] | None = None) -> RecordingFiles:
    """Recordings of which only what a split asks for is there."""
    return RecordingFiles(
        paths=[Path(str(index)) for index in range(len(labels))],
        read=lambda path: pytest.fail(f"{path} was read"),
        labels=np.array(labels, np.uint8),
        names=np.array(list(map(str, range(len(labels))))),
        official_test=np.array(test or [False] * len(labels)),
        sensor_size=1,
        classes=numbered_classes(max(labels) + 1),
        groups=None if groups is None else np.array(groups),
    )


@pytest.mark.parametrize(
    ("name", "train", "digest"),
    [
        ("nmnist", 800, "5334671c52c1740baeeb49e171c1b35b3fdc27901a8255bfb3cd87b585c5e1ff"),
        ("digits-saccade", 1201, "e8802bd267d38357a2d1c8d1e40748e0b255b205e7c8454791d0785d6f2903c8"),
    ],
)
def test_shipped_rows_keep_their_split(name: str, train: int, digest: str) -> None:
    split = split_dataset(name)
    assert len(split.train) == train
    assert hashlib.sha256(split.train.astype("<i8").tobytes()).hexdigest() == digest
    assert len(split.evaluation) == len(load_dataset(name)) - train


def test_the_rows_of_mnist_dvs_keep_theirs() -> None:
    # Ten digits, seven recordings of each for training and three for testing, as in the file that rows were made from.
    labels, test = [i // 10 for i in range(100)], [i % 10 >= 7 for i in range(100)]
    split = split_recordings(recordings_of(labels, test), train_evaluates=True)
    assert (len(split.train), int(split.train.sum())) == (56, 2573)
    assert split.rule == "80 % of every class of Train trains, the rest and Test evaluate"


def test_test_alone_evaluates_where_it_is_given() -> None:
    split = split_recordings(recordings_of([0, 1, 0, 1, 1], [False, False, True, True, False]))
    assert (split.train.tolist(), split.evaluation.tolist()) == ([0, 1, 4], [2, 3])
    assert split.rule == "all of Train trains, Test evaluates"


@given(st.lists(st.integers(2, 40), min_size=1, max_size=36))
def test_every_class_has_both_sides(sizes: list[int]) -> None:
    labels = np.repeat(np.arange(len(sizes)), sizes)
    split = split_recordings(recordings_of(labels.tolist()))
    assert sorted([*split.train, *split.evaluation]) == list(range(len(labels)))
    trained = np.bincount(labels[split.train], minlength=len(sizes))
    assert (trained >= 1).all()
    assert (trained < sizes).all()
    assert np.abs(trained - TRAIN_SHARE * np.array(sizes)).max() <= 1


@given(st.data())
def test_groups_stay_whole(data: st.DataObject) -> None:
    groups = data.draw(st.lists(st.integers(2, 6), min_size=2, max_size=5), label="groups of each class")
    labels, names = [], []
    for label, count in enumerate(groups):
        for group in range(count):
            windows = data.draw(st.integers(1, 30))
            labels += [label] * windows
            names += [f"{label}/{group}"] * windows
    split = split_recordings(recordings_of(labels, groups=names))
    of_group = np.array(names)
    assert not set(of_group[split.train]) & set(of_group[split.evaluation])
    for side in (split.train, split.evaluation):
        assert set(np.array(labels)[side]) == set(range(len(groups)))
    assert split.rule == "80 % of every class trains, whole groups"


def test_groups_may_hold_all_classes() -> None:
    # Ten persons, each of whom shows all three gestures four times.
    people = np.repeat(np.arange(10), 12)
    split = split_recordings(recordings_of(np.tile([0, 1, 2], 40).tolist(), groups=people.astype(str).tolist()))
    assert len(set(people[split.evaluation])) == 2
    assert len(set(people[split.train])) == 8


@pytest.mark.parametrize(
    ("labels", "test", "groups", "said"),
    [
        ([0, 0, 1], None, None, "class '1' has 1 recordings and none to evaluate"),
        ([0, 2, 0, 2], None, None, "class '1' has 0 recordings and none to train on"),
        ([0, 1, 0], [False, True, True], None, "class '1' has 1 recordings and none to train on"),
        ([0, 1, 0], [False, False, True], None, "class '1' has 1 recordings and none to evaluate"),
        ([0, 0, 1, 1], None, ["a", "a", "b", "c"], "class '0' has 2 recordings and none to evaluate"),
        ([0, 0], [True, True], None, "all 2 recordings are for testing"),
    ],
)
def test_a_class_without_a_side_is_refused(
    labels: list[int], test: list[bool] | None, groups: list[str] | None, said: str
) -> None:
    with pytest.raises(InputError, match=said) as error:
        split_recordings(recordings_of(labels, test, groups))
    assert "\n" not in str(error.value)

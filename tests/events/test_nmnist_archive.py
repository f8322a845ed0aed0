"""The shipped recordings, and the two file formats around them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st

from spikecast.errors import InputError
from spikecast.events import load_dataset, load_recordings, save_recordings
from spikecast.events.formats.bin import read_nmnist, to_bin
from spikecast.events.recordings import Events, Recordings
from spikecast.testing import DatasetSuite

ARCHIVE = Path(__file__).parents[2] / "data" / "events" / "nmnist.npz"
TRAIN_PER_DIGIT = [97, 116, 99, 93, 105, 92, 94, 117, 87, 100]
TEST_PER_DIGIT = [8, 14, 8, 11, 14, 7, 10, 15, 2, 11]


def test_every_recording_is_there() -> None:
    recordings = load_dataset("nmnist")
    assert len(recordings) == 1100
    assert len(recordings.x) == 4_518_827
    train, test = recordings.labels[~recordings.official_test], recordings.labels[recordings.official_test]
    assert np.bincount(train).tolist() == TRAIN_PER_DIGIT
    assert np.bincount(test).tolist() == TEST_PER_DIGIT


def test_recordings_look_like_n_mnist() -> None:
    recordings = load_dataset("nmnist")
    events = np.diff(recordings.offsets)
    last = recordings.time_us[recordings.offsets[1:] - 1]
    assert (events.min(), events.max()) == (1069, 7152)
    assert last.min() >= 296_000
    assert last.max() <= 337_000
    assert max(recordings.x.max(), recordings.y.max()) == 33


class TestNmnist(DatasetSuite):
    name = "nmnist"

    def label_of(self, name: str) -> int:
        return int(name.split("/")[1])

    def test_names_are_official(self, recordings: Recordings) -> None:
        for name, test in zip(recordings.names, recordings.official_test, strict=True):
            part, _, file = name.split("/")
            assert part == ("Test" if test else "Train")
            assert len(file) == len("00001.bin")


event_lists = st.lists(
    st.tuples(st.integers(0, 33), st.integers(0, 33), st.integers(0, 1), st.integers(0, 60_000)),
    min_size=1,
    max_size=50,
)


def as_events(rows: list[tuple[int, int, int, int]]) -> Events:
    x, y, polarity, step = (np.array(column) for column in zip(*rows, strict=True))
    return Events(x.astype(np.uint8), y.astype(np.uint8), polarity.astype(np.uint8), np.cumsum(step).astype(np.int32))


@given(event_lists)
def test_bin_files_round_trip(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, int, int, int]]) -> None:
    events = as_events(rows)
    path = tmp_path_factory.mktemp("bin") / "00001.bin"
    path.write_bytes(to_bin(events))
    for ours, theirs in zip(read_nmnist(path), events, strict=True):
        assert np.array_equal(ours, theirs)


@given(st.lists(event_lists, min_size=1, max_size=4))
def test_archives_round_trip(
    tmp_path_factory: pytest.TempPathFactory, samples: list[list[tuple[int, int, int, int]]]
) -> None:
    events = [as_events(rows) for rows in samples]
    x, y, polarity, time_us = (np.concatenate(column) for column in zip(*events, strict=True))
    offsets = np.cumsum([0] + [len(e.x) for e in events])
    count = len(samples)
    packed = Recordings(
        x,
        y,
        polarity,
        time_us,
        offsets,
        np.zeros(count, np.uint8),
        np.array(["a"] * count),
        np.zeros(count, bool),
        34,
    )
    path = tmp_path_factory.mktemp("npz") / "events.npz"
    save_recordings(path, packed)
    loaded = load_recordings(path)
    for index, expected in enumerate(events):
        for ours, theirs in zip(loaded.events(index).values(), expected, strict=True):
            assert np.array_equal(ours, theirs)


def test_recordings_without_events_round_trip(tmp_path: Path) -> None:
    three = load_dataset("nmnist").part(0, 3)
    only_the_second = three.only(three.sample_of_event() == 1)
    save_recordings(tmp_path / "one.npz", only_the_second)
    again = load_recordings(tmp_path / "one.npz")
    assert again.offsets.tolist() == only_the_second.offsets.tolist()
    assert np.array_equal(again.time_us, only_the_second.time_us)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.999])
def test_truncated_archive(tmp_path: Path, share: float) -> None:
    whole = ARCHIVE.read_bytes()
    path = tmp_path / "nmnist.npz"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError, match="not a whole file of packed recordings"):
        load_recordings(path)


def test_flipped_byte_in_archive(tmp_path: Path) -> None:
    damaged = bytearray(ARCHIVE.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    path = tmp_path / "nmnist.npz"
    path.write_bytes(damaged)
    with pytest.raises(InputError, match=r"nmnist\.npz"):
        load_recordings(path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    (tmp_path / "text.npz").write_text("hello")
    for name in ("other.npz", "text.npz"):
        with pytest.raises(InputError, match="not a whole file of packed recordings"):
            load_recordings(tmp_path / name)
    with pytest.raises(InputError, match="cannot read recordings"):
        load_recordings(tmp_path / "missing.npz")


def test_pickled_objects_are_never_loaded(tmp_path: Path) -> None:
    np.savez(tmp_path / "evil.npz", x=np.array([object()], dtype=object))
    with pytest.raises(InputError):
        load_recordings(tmp_path / "evil.npz")


def test_arrays_that_do_not_fit_together(tmp_path: Path) -> None:
    with np.load(ARCHIVE) as archive:
        fields = dict(archive)
    fields["labels"] = fields["labels"][:-1]
    np.savez(tmp_path / "short.npz", **fields)
    with pytest.raises(InputError, match="do not fit together"):
        load_recordings(tmp_path / "short.npz")


def test_damaged_bin_files(tmp_path: Path) -> None:
    path = tmp_path / "00001.bin"
    for content, said in ((b"", "is not an N-MNIST recording"), (b"1234567", "7 bytes"), (b"\xff" * 5, "coordinates")):
        path.write_bytes(content)
        with pytest.raises(InputError, match=said):
            read_nmnist(path)
    with pytest.raises(InputError, match="unknown dataset 'nmist': did you mean nmnist"):
        load_dataset("nmist")

"""A folder of recordings in any format as a data set."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from spikecast.datasets import EVENTS_VARIABLE
from spikecast.errors import InputError
from spikecast.events import bin_recordings, load_binned, load_dataset, split_dataset
from spikecast.events.formats.bin import to_bin
from spikecast.events.recordings import Events
from spikecast.testing import DatasetSuite


def write_npy(path: Path, x: list[int], y: list[int]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = np.zeros(len(x), dtype=[("t", "<i8"), ("x", "<i8"), ("y", "<i8"), ("p", "?")])
    rows["t"], rows["x"], rows["y"] = np.arange(len(x)), x, y
    np.save(path, rows)


@pytest.fixture
def cars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Five recordings of cars and five of the background for training, one of each for testing; 20 x 12 pixels."""
    monkeypatch.setenv(EVENTS_VARIABLE, str(tmp_path))
    folder = tmp_path / "nCars"
    for label, name in enumerate(("background", "car")):
        for index in range(5):
            write_npy(folder / "Train" / name / f"{index}.npy", [index, 10 + label], [index, 11])
        write_npy(folder / "Test" / name / "0.npy", [19, label], [0, 1])
    return folder


class TestCars(DatasetSuite):
    name = "folder:nCars:2"

    @pytest.fixture
    def events(self, cars: Path) -> Path:
        return cars.parent

    def label_of(self, name: str) -> int:
        return ("background", "car").index(name.split("/")[1])


def test_classes_parts_and_frame(cars: Path) -> None:
    (cars / "Train" / "car" / ".DS_Store").write_bytes(b"")
    (cars / "Train" / ".ipynb_checkpoints").mkdir()
    opened = load_dataset("folder:nCars:2")
    recordings = opened.part(0, len(opened))
    assert recordings.names[[0, 2, -1]].tolist() == [
        "Test/background/0.npy",
        "Train/background/0.npy",
        "Train/car/4.npy",
    ]
    assert recordings.labels.tolist() == [0, 1, *[0] * 5, *[1] * 5]
    assert recordings.official_test.tolist() == [True] * 2 + [False] * 10
    # The square that holds all events is as large as the widest recording, which is one of the test part.
    assert recordings.sensor_size == 20
    assert recordings.events(11)["x"].tolist() == [4, 11]
    split = split_dataset("folder:nCars:2")
    binned = load_binned("FOLDER:nCars:02", 2, 10)
    assert np.array_equal(binned.train, bin_recordings(recordings, timesteps=2, size=10)[split.train])
    # There is a test part: all else trains.
    assert binned.train.shape == (10, 2, 2, 10, 10)
    assert np.array_equal(binned.evaluation_labels, recordings.labels[split.evaluation])


def test_without_a_test_part(cars: Path) -> None:
    (cars / "Test").rename(cars / "Rest")
    assert load_dataset("folder:nCars:2").sensor_size == 12
    assert len(load_binned("folder:nCars:2", 1, 8).evaluation) == 2


def test_the_folder_given_goes_before_the_one_of_the_environment(cars: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(EVENTS_VARIABLE, str(cars))
    with pytest.raises(InputError, match="no recordings of folder:nCars:2"):
        load_binned("folder:nCars:2", 1, 8)
    assert len(load_dataset("folder:nCars:2", cars.parent)) == 12
    assert len(load_binned("folder:nCars:2", 1, 8, cars.parent).train) == 10


@pytest.mark.parametrize("classes", [3, 256])
def test_another_number_of_classes(classes: int, cars: Path) -> None:
    with pytest.raises(InputError, match=rf"2 classes \(background, car\), not of {classes}") as error:
        load_dataset(f"folder:nCars:{classes}")
    assert str(cars) in str(error.value)


def test_a_class_that_is_misspelt_in_one_part(cars: Path) -> None:
    (cars / "Test" / "car").rename(cars / "Test" / "cars")
    with pytest.raises(InputError, match=r"3 classes \(background, car, cars\), not of 2"):
        load_dataset("folder:nCars:2")


def test_other_files_among_the_recordings(cars: Path) -> None:
    path = cars / "Train" / "car" / "notes.txt"
    path.write_text("a red one")
    with pytest.raises(InputError, match=r"notes\.txt is no recording: allowed are \.aedat \.aedat4 \.bin \.dat"):
        load_dataset("folder:nCars:2")
    path.unlink()
    (cars / "Train" / "car" / "5.NPY").write_bytes(b"hello")
    with pytest.raises(InputError, match=r"cannot read recording .*5\.NPY"):
        load_dataset("folder:nCars:2")


def test_sensors_of_all_sizes(cars: Path) -> None:
    write_npy(cars / "Train" / "car" / "5.npy", [65535, 300], [0, 719])
    opened = load_dataset("folder:nCars:2")
    recordings = opened.part(0, len(opened))
    assert recordings.sensor_size == 65536
    assert recordings.events(12)["x"].tolist() == [65535, 300]
    frames = bin_recordings(recordings, timesteps=1, size=64)
    assert np.argwhere(frames[-1]).tolist() == [[0, 0, 0, 0], [0, 0, 0, 63]]
    write_npy(cars / "Train" / "car" / "5.npy", [65536], [0])
    with pytest.raises(InputError, match=r"5\.npy .*coordinates must be 0\.\.65535"):
        # By another path: what was opened once stays open.
        load_dataset("folder:nCars:2", cars.parent / ".." / cars.parent.name)


def test_every_format_in_one_folder(tmp_path: Path) -> None:
    pytest.importorskip("tonic")
    for part in ("Train/a", "Train/b", "Test/b"):
        (tmp_path / "mixed" / part).mkdir(parents=True)
    train = tmp_path / "mixed" / "Train"
    event = Events(*np.array([[7], [3], [1]], np.uint8), np.zeros(1, np.int32))
    (train / "a" / "1.bin").write_bytes(to_bin(event))
    (train / "a" / "2.dat").write_bytes(b"% Version 2\n\x00\x08" + struct.pack("<II", 9, 1 << 28 | 3 << 14 | 7))
    (train / "a" / "3.aedat").write_bytes(b"#!AER-DAT2.0\r\n" + struct.pack(">II", 124 << 8 | 120 << 1, 9))
    spikes = np.zeros((101, 1))
    spikes[37] = 1
    savemat(train / "b" / "4.mat", {"spiketrain": spikes})
    np.save(train / "b" / "5.npy", np.array([[7, 3, 1, 4]]))
    write_npy(tmp_path / "mixed" / "Test" / "b" / "6.npy", [7], [3])
    recordings = load_dataset("folder:mixed:2", tmp_path).part(0, 9)
    assert recordings.x.tolist() == [7] * 6
    assert recordings.y.tolist() == [3] * 6
    assert recordings.polarity.tolist() == [0, 1, 1, 1, 1, 1]
    assert recordings.sensor_size == 8

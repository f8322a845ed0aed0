"""A folder of recordings in any format as a data set."""

from __future__ import annotations

import re
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from spikecast.datasets import EVENTS_VARIABLE
from spikecast.errors import InputError
from spikecast.events import bin_recordings, load_binned, load_dataset, split_dataset
from spikecast.events.datasets import folder as folder_module
from spikecast.events.formats.bin import to_bin
from spikecast.events.formats.reader import read_recording
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
    (cars / "dataset.yaml").write_text("sensor: [65536, 720]")
    write_npy(cars / "Train" / "car" / "5.npy", [65535, 300], [0, 719])
    opened = load_dataset("folder:nCars:2")
    recordings = opened.part(0, len(opened))
    assert recordings.sensor_size == 65536
    assert recordings.events(12)["x"].tolist() == [65535, 300]
    frames = bin_recordings(recordings, timesteps=1, size=64)
    assert np.argwhere(frames[-1]).tolist() == [[0, 0, 0, 0], [0, 0, 0, 63]]
    write_npy(cars / "Train" / "car" / "5.npy", [65536], [0])
    with pytest.raises(InputError, match=r"5\.npy .*coordinates must be 0\.\.65535"):
        load_binned("folder:nCars:2", 1, 8)


@pytest.mark.parametrize("folder", ["Train/car", "Test/background"])
def test_a_recording_that_reaches_much_farther_is_named(folder: str, cars: Path) -> None:
    event = Events(*np.array([[133], [3], [1]], np.uint8), np.zeros(1, np.int32))
    (cars / folder / "odd.bin").write_bytes(to_bin(event))
    with pytest.raises(InputError, match=r"odd\.bin reaches pixel 133, the other 12 recordings end at 19") as error:
        load_dataset("folder:nCars:2")
    assert f"write sensor: [WIDTH, HEIGHT] into {cars / 'dataset.yaml'}" in str(error.value)


def test_a_stated_sensor_is_the_frame(cars: Path) -> None:
    (cars / "dataset.yaml").write_text("sensor: [40, 30]")
    assert load_dataset("folder:nCars:2").sensor_size == 40
    identity = load_binned("folder:nCars:2", 1, 8).identity
    assert identity is not None
    assert identity.side == 40


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sensor: 40", "line 1: sensor: input should be a valid tuple"),
        ("sensor: [0, 30]", "sensor.0: input should be greater than or equal to 1, got 0"),
        ("group: name", "group: input should be 'prefix' or 'folder', got 'name'"),
        ("camera: mine", "camera: extra inputs are not permitted"),
    ],
)
def test_a_description_that_is_not_allowed(text: str, said: str, cars: Path) -> None:
    (cars / "dataset.yaml").write_text(text)
    with pytest.raises(InputError, match=re.escape(said)) as error:
        load_dataset("folder:nCars:2")
    assert "\n" not in str(error.value)


def test_folders_of_systems_are_no_classes(cars: Path) -> None:
    for place in ("Train/__MACOSX", "Train/car/@eaDir"):
        (cars / place).mkdir()
    (cars / "Train" / "__MACOSX" / "1.bin").write_bytes(bytes(10))
    (cars / "Train" / "car" / "Thumbs.db").write_bytes(b"")
    assert len(load_dataset("folder:nCars:2")) == 12


def test_every_file_is_read_once(cars: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []

    def counted(path: Path, side: int) -> Events:
        read.append(path)
        return read_recording(path, side)

    monkeypatch.setattr(folder_module, "read_recording", counted)
    once = load_binned("folder:nCars:2", 1, 8)
    assert len(read) == len(set(read)) == 12
    # Events that have no room are read again, and are the same.
    monkeypatch.setattr(folder_module, "_KEPT_BYTES", 0)
    shutil.copytree(cars, cars.parent / "again" / "nCars")
    twice = load_binned("folder:nCars:2", 1, 8, cars.parent / "again")
    assert len(read) == 3 * 12
    assert np.array_equal(once.train, twice.train)
    assert once.identity == twice.identity


def test_headers_say_how_large_the_sensor_is(cars: Path) -> None:
    def write(name: str, width: int, height: int) -> None:
        header = f"% Version 2\n% Height {height}\n% Width {width}\n".encode()
        (cars / "Train" / "car" / name).write_bytes(header + b"\x00\x08" + struct.pack("<II", 9, 3 << 14 | 7))

    write("1.dat", 304, 240)
    write("2.dat", 304, 240)
    assert load_dataset("folder:nCars:2").sensor_size == 304
    write("3.dat", 640, 480)
    shutil.copytree(cars, cars.parent / "again" / "nCars")
    with pytest.raises(InputError, match=r"2\.dat .* 304 pixels on its longer side, .*3\.dat of one with 640") as error:
        load_dataset("folder:nCars:2", cars.parent / "again")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("group", ["prefix", "folder"])
def test_windows_of_a_recording_stay_together(group: str, tmp_path: Path) -> None:
    for label, name in enumerate(("ball", "box")):
        for recording in range(5):
            for window in range(4):
                of_recording = f"{name}_{recording}"
                file = f"{of_recording}_{window}.npy" if group == "prefix" else f"{of_recording}/{window}.npy"
                write_npy(tmp_path / "cut" / "Train" / name / file, [label, 9], [recording, window])
    (tmp_path / "cut" / "dataset.yaml").write_text(f"group: {group}")
    names = load_dataset("folder:cut:2", tmp_path).names
    split = split_dataset("folder:cut:2", tmp_path)
    together = np.array([name.rpartition("_" if group == "prefix" else "/")[0] for name in names])
    assert (len(split.train), len(split.evaluation)) == (32, 8)
    assert len(set(together[split.train])) == 8
    assert not set(together[split.train]) & set(together[split.evaluation])


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
    # That of the DVS128, which .aedat files are of.
    assert recordings.sensor_size == 128

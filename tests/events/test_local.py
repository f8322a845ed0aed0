"""Data sets in a folder of the user's: small files in the published layouts."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from spikecast.datasets import EVENTS_VARIABLE
from spikecast.errors import InputError
from spikecast.events import Recordings, load_binned, load_dataset
from spikecast.events.datasets.cifar10_dvs import CLASSES
from spikecast.events.formats.aedat import read_aedat4
from spikecast.events.formats.bin import to_bin
from spikecast.events.recordings import Events, whole_events
from spikecast.testing import DatasetSuite

SOURCE = Path(__file__).parents[2] / "src"
#: Official names of some recordings per data set: of training, then of testing.
NAMES = {
    "nmnist-full": (
        [f"Train/{d}/{i:05d}.bin" for d in range(10) for i in range(5)],
        [f"Test/{d}/00001.bin" for d in range(10)],
    ),
    "dvs128-gesture": (
        [f"ibmGestureTrain/user{u:02d}_led/{c}.npy" for u in range(1, 6) for c in range(11)],
        [f"ibmGestureTest/user24_lab/{c}.npy" for c in range(11)],
    ),
    "cifar10-dvs": ([f"{c}/cifar10_{c}_{i}.aedat4" for c in CLASSES for i in range(5)], []),
}
FOLDERS = {"nmnist-full": "NMNIST", "dvs128-gesture": "DVSGesture", "cifar10-dvs": "CIFAR10DVS"}


def random_events(seed: int, side: int, step_us: int = 1) -> Events:
    random = np.random.default_rng(seed)
    x, y, polarity = (random.integers(0, limit, 300, dtype=np.uint8) for limit in (side, side, 2))
    time_us = np.cumsum(random.integers(0, 3, 300)) * step_us
    return Events(x, y, polarity, (time_us - time_us[0]).astype(np.int32))


def write_bin(path: Path, seed: int) -> Events:
    events = random_events(seed, 34)
    path.write_bytes(to_bin(events))
    return events


def write_gesture(path: Path, seed: int) -> Events:
    events = random_events(seed, 128, step_us=1000)
    # Published files count milliseconds and may begin at any time.
    np.save(path, np.stack([events.x, events.y, events.polarity, events.time_us // 1000 + 7], axis=1))
    return events


def write_aedat4(path: Path, seed: int) -> Events:
    path.write_text(str(seed))
    return random_events(seed, 128)


WRITERS: dict[str, Callable[[Path, int], Events]] = {
    "nmnist-full": write_bin,
    "dvs128-gesture": write_gesture,
    "cifar10-dvs": write_aedat4,
}


class Decoder:
    """Stands for aedat's decoder: events of stream 1 in two packets, and another stream between them."""

    def __init__(self, file: str) -> None:
        text = Path(file).read_text()
        if not text.isdecimal():
            raise RuntimeError("the file does not contain a valid signature")
        events = random_events(int(text), 128)
        columns = [("t", "<u8"), ("x", "<u2"), ("y", "<u2"), ("on", "?")]
        self.rows = np.zeros(len(events.x), dtype=columns)
        for name, column in zip(("x", "y", "on", "t"), events, strict=True):
            self.rows[name] = column
        self.rows["t"] += np.uint64(1_600_000_000_000_000)

    def id_to_stream(self) -> dict[int, dict[str, Any]]:
        return {0: {"type": "frame"}, 1: {"type": "events"}}

    def __iter__(self) -> Any:
        yield {"stream_id": 1, "events": self.rows[:100]}
        yield {"stream_id": 0, "frame": None}
        yield {"stream_id": 1, "events": self.rows[100:]}


@pytest.fixture
def decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tonic")
    monkeypatch.setitem(sys.modules, "aedat", SimpleNamespace(Decoder=Decoder))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(EVENTS_VARIABLE, str(tmp_path))
    return tmp_path


def write_all(name: str, folder: Path) -> dict[str, Events]:
    events = {}
    for seed, file in enumerate(NAMES[name][0] + NAMES[name][1]):
        path = folder / FOLDERS[name] / file
        path.parent.mkdir(parents=True, exist_ok=True)
        events[file] = WRITERS[name](path, seed)
    return events


class Published(DatasetSuite):
    """Random events in files with official names."""

    @pytest.fixture
    def written(self, tmp_path: Path) -> dict[str, Events]:
        return write_all(self.name, tmp_path)

    @pytest.fixture
    def events(self, tmp_path: Path, written: dict[str, Events]) -> Path:
        assert written
        return tmp_path

    def test_every_event_of_every_file_is_read(self, recordings: Recordings, written: dict[str, Events]) -> None:
        assert sorted(recordings.names) == sorted(written)
        assert sorted(recordings.names[recordings.official_test]) == sorted(NAMES[self.name][1])
        assert np.bincount(recordings.labels).min() >= 5
        for index, file in enumerate(recordings.names):
            for ours, theirs in zip(recordings.events(index).values(), written[file], strict=True):
                assert ours.dtype == theirs.dtype
                assert np.array_equal(ours, theirs)


class TestNmnistFull(Published):
    name = "nmnist-full"

    def label_of(self, name: str) -> int:
        return int(name.split("/")[1])


class TestDvs128Gesture(Published):
    name = "dvs128-gesture"

    def label_of(self, name: str) -> int:
        return int(Path(name).stem)


@pytest.mark.usefixtures("decoder")
class TestCifar10Dvs(Published):
    name = "cifar10-dvs"

    def label_of(self, name: str) -> int:
        return CLASSES.index(name.split("/")[0])


class TestCompactMnistDvs(DatasetSuite):
    name = "mnist-dvs"

    @pytest.fixture
    def events(self, tmp_path: Path) -> Path:
        (tmp_path / "mnist-dvs").mkdir()
        events = [random_events(seed, 128) for seed in range(60)]
        np.savez(tmp_path / "mnist-dvs" / "a.npz", **compact(events, split=np.arange(60) >= 50))
        return tmp_path


def compact(events: list[Events], **changes: Any) -> dict[str, Any]:
    x, y, p, t = (np.concatenate(column) for column in zip(*events, strict=True))
    count = len(events)
    arrays = {
        "x": x,
        "y": y,
        "p": p,
        "t": t.astype(np.uint32),
        "offsets": np.cumsum([0] + [len(one.x) for one in events]),
        "labels": np.arange(count) // 2 % 10,
        "split": np.arange(count) % 2,
        "sensor_size": np.array([128, 128, 2]),
    }
    return {**arrays, **changes}


def test_mnist_dvs_is_read_from_all_its_files(folder: Path) -> None:
    (folder / "mnist-dvs").mkdir()
    events = [random_events(seed, 128) for seed in range(20)]
    np.savez(folder / "mnist-dvs" / "a.npz", **compact(events[:12]))
    np.savez(folder / "mnist-dvs" / "b.npz", **compact(events[12:], labels=np.arange(12, 20) // 2))
    recordings = load_dataset("mnist-dvs").part(0, 20)
    assert recordings.names[[0, 11, 12, 19]].tolist() == ["a/0", "a/11", "b/0", "b/7"]
    assert recordings.labels.tolist() == [label for label in range(10) for _ in range(2)]
    assert recordings.official_test.tolist() == [False, True] * 10
    for index, expected in enumerate(events):
        for ours, theirs in zip(recordings.events(index).values(), expected, strict=True):
            assert np.array_equal(ours, theirs)
    assert load_binned("mnist-dvs", 4, 32).train.shape == (10, 4, 2, 32, 32)


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": np.arange(3)},
        {"labels": np.array([0, 10])},
        {"offsets": np.array([0, 300, 599])},
        {"offsets": np.array([0, 600, 300])},
        {"x": np.zeros(3)},
        {"t": np.int64(1)},
        {"x": np.full(600, 128)},
        {"p": np.full(600, 2)},
        {"x": np.array([object()] * 600)},
    ],
)
def test_damaged_compact_files(folder: Path, changes: dict[str, Any]) -> None:
    (folder / "mnist-dvs").mkdir()
    np.savez(folder / "mnist-dvs" / "a.npz", **compact([random_events(0, 128), random_events(1, 128)], **changes))
    with pytest.raises(InputError, match=r"a\.npz") as error:
        load_dataset("mnist-dvs")
    assert "\n" not in str(error.value)


def test_other_compact_files(folder: Path) -> None:
    (folder / "mnist-dvs").mkdir()
    for content in (b"", b"hello", b"PK\x03\x04"):
        (folder / "mnist-dvs" / "a.npz").write_bytes(content)
        with pytest.raises(InputError, match="not a whole file of MNIST-DVS recordings"):
            load_dataset("mnist-dvs")


def test_another_folder_is_another_data_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for count, name in enumerate(("one", "two"), start=1):
        path = tmp_path / name / "NMNIST" / "Train" / "0"
        path.mkdir(parents=True)
        for index in range(count):
            write_bin(path / f"{index:05d}.bin", index)
        monkeypatch.setenv(EVENTS_VARIABLE, str(tmp_path / name))
        assert len(load_dataset("nmnist-full")) == count


def test_a_test_part_alone_trains_nothing(folder: Path) -> None:
    (folder / "NMNIST" / "Test" / "0").mkdir(parents=True)
    write_bin(folder / "NMNIST" / "Test" / "0" / "00001.bin", 0)
    with pytest.raises(InputError, match="all 1 recordings are for testing"):
        load_binned("nmnist-full", 4, 32)


def test_files_outside_the_classes(folder: Path) -> None:
    for file in ("DVSGesture/ibmGestureTrain/user01_led/11.npy", "CIFAR10DVS/lorry/1.aedat4"):
        path = folder / file
        path.parent.mkdir(parents=True)
        path.write_bytes(b"")
    with pytest.raises(InputError, match=r"11\.npy is not named after a class"):
        load_dataset("dvs128-gesture")
    with pytest.raises(InputError, match="lorry is not a class: expected airplane"):
        load_dataset("cifar10-dvs")


@pytest.mark.usefixtures("decoder")
def test_damaged_aedat4(tmp_path: Path) -> None:
    path = tmp_path / "1.aedat4"
    path.write_text("hello")
    with pytest.raises(InputError, match=r"cannot read recording .*valid signature"):
        read_aedat4(path, 128)


@pytest.mark.parametrize("package", ["tonic", "aedat"])
@pytest.mark.usefixtures("decoder")
def test_without_its_reader(package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InputError, match=rf"needs {package}, which is not installed: pip install 'spikecast\[train\]'"):
        read_aedat4(tmp_path / "1.aedat4", 128)


def test_events_are_put_in_order_and_start_at_zero() -> None:
    columns = {name: np.array([1, 0, 1]) for name in ("x", "y", "polarity")}
    events = whole_events("here", **columns, time_us=np.array([70, 50, 60]), sensor_size=2)
    assert events.time_us.tolist() == [0, 10, 20]
    assert events.x.tolist() == [0, 1, 1]
    with pytest.raises(InputError, match="here lasts 2147483648 us"):
        whole_events("here", **columns, time_us=np.array([0, 0, 2**31]), sensor_size=2)


def test_one_module_knows_tonic() -> None:
    users = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import | ast.ImportFrom):
                module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
                users += [path.name] if (module or "").split(".")[0] in {"tonic", "aedat"} else []
    assert set(users) == {"aedat.py"}

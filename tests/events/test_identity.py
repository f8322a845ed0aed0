"""What is said of the recordings that were read, and that any change of them shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from spikecast.events import Identity, load_binned
from spikecast.rows import RECORDINGS_COLUMNS, recordings_differ, recordings_of


def write(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    np.save(path, np.stack([*random.integers(0, 12, (2, 30)), random.integers(0, 2, 30), np.arange(30)], axis=1))


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    for label, name in enumerate(("ball", "box")):
        for index in range(5):
            write(tmp_path / "first" / "shapes" / "Train" / name / f"{index}.npy", 10 * label + index)
        write(tmp_path / "first" / "shapes" / "Test" / name / "9.npy", 90 + label)
    return tmp_path / "first"


def identity(events: Path) -> Identity:
    found = load_binned("folder:shapes:2", 1, 8, events).identity
    assert found is not None
    return found


def test_n_mnist_is_what_it_is() -> None:
    found = load_binned("nmnist", 1, 8).identity
    assert found is not None
    assert (found.recordings, found.events, found.side, found.trained) == (1100, 4_518_827, 34, 800)
    assert found.classes == tuple("0123456789")
    # A row says so: it may never change.
    assert found.sha256 == "7b3c46b7b0019423eec399de71b507e8e84a8b3a440d4c9f5c675e3b709cb156"


def test_a_folder_is_counted(shapes: Path) -> None:
    found = identity(shapes)
    assert (found.recordings, found.events, found.trained) == (12, 360, 10)
    assert found.classes == ("ball", "box")
    assert found.split == "all of Train trains, Test evaluates"
    assert list(found.columns()) == list(RECORDINGS_COLUMNS)
    assert found.columns()["data_classes"] == "ball/box"


def test_another_place_is_the_same(shapes: Path, tmp_path: Path) -> None:
    copytree(shapes, tmp_path / "second")
    assert identity(tmp_path / "second") == identity(shapes)


def other_event(folder: Path) -> None:
    path = folder / "Train" / "box" / "3.npy"
    rows = np.load(path)
    rows[7, 2] = 1 - rows[7, 2]
    np.save(path, rows)


def swapped(folder: Path) -> None:
    first, second = folder / "Train" / "ball" / "0.npy", folder / "Train" / "box" / "0.npy"
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        (other_event, {"data_sha256"}),
        (swapped, {"data_sha256"}),
        (lambda folder: (folder / "Train" / "box" / "3.npy").rename(folder / "Train" / "box" / "5.npy"),
         {"data_sha256"}),
        (lambda folder: (folder / "Train" / "box" / "3.npy").unlink(),
         {"data_recordings", "data_events", "data_trained", "data_sha256"}),
        (lambda folder: [(folder / part / "box").rename(folder / part / "cube") for part in ("Train", "Test")],
         {"data_classes", "data_sha256"}),
        (lambda folder: (folder / "Test").rename(folder / "Rest"),
         {"data_recordings", "data_events", "data_split", "data_trained", "data_sha256"}),
    ],
)  # fmt: skip
def test_any_change_shows(change: Callable[[Path], object], differs: set[str], shapes: Path, tmp_path: Path) -> None:
    copytree(shapes, tmp_path / "second")
    change(tmp_path / "second" / "shapes")
    before, after = identity(shapes).columns(), identity(tmp_path / "second").columns()
    assert {name for name in before if before[name] != after[name]} == differs
    ours, others = recordings_of(before), recordings_of(after)
    assert ours is not None
    assert others is not None
    assert recordings_differ(ours, others).count(", not ") == len(differs)
    assert not recordings_differ(ours, ours)


def test_older_rows_say_nothing() -> None:
    assert recordings_of({"key": "0"}) is None
    assert recordings_of({name: float("nan") for name in RECORDINGS_COLUMNS}) is None

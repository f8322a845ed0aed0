"""Recordings in numpy files, plain and structured."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from spikecast.errors import InputError
from spikecast.events.formats.npy import read_npy, read_npz


def structured(order: str, **types: str) -> np.ndarray:
    """Three events, (0, 5), (1, 6), (2, 7), of polarity 0, 1, 0, at 10, 25 and 31 us, in the given order of fields."""
    rows = np.zeros(3, dtype=[(name, types.get(name, "<i8")) for name in order])
    rows["x"], rows["y"], rows["p"], rows["t"] = [0, 1, 2], [5, 6, 7], [0, 1, 0], [10, 25, 31]
    return rows


@pytest.mark.parametrize("order", ["xypt", "txyp", "xytp"])
def test_fields_in_any_order(order: str, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", structured(order, p="?", x="<u2"))
    events = read_npy(tmp_path / "a.npy", 8)
    assert [column.tolist() for column in events] == [[0, 1, 2], [5, 6, 7], [0, 1, 0], [0, 15, 21]]


def test_plain_rows_count_milliseconds(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([[3, 4, 1, 7], [5, 6, 0, 9]]))
    events = read_npy(tmp_path / "a.npy", 8)
    assert [column.tolist() for column in events] == [[3, 5], [4, 6], [1, 0], [0, 2000]]


@pytest.mark.parametrize(
    "content",
    [
        np.zeros((3, 3)),
        np.zeros(4),
        np.array([["a"] * 4]),
        np.full((1, 4), np.nan),
    ],
)
def test_other_arrays(content: np.ndarray, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", content)
    with pytest.raises(InputError, match=r"a\.npy is not a recording: expected an array \[events\]"):
        read_npy(tmp_path / "a.npy", 128)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (np.zeros((0, 4)), "holds no events"),
        (np.array([[128, 0, 0, 0]]), "coordinates must be 0..127"),
        (np.array([[5, 3, 0.5, 7]]), "of columns xypt or txyp or xytp, of which x, y and p are whole numbers"),
        (np.array([[0, -1, 0, 0]]), "coordinates must be 0..127"),
        (np.array([[5, 3, 2, 7], [5, 3, 0, 9]]), "polarities 0 or 1"),
    ],
)
def test_other_numbers(content: np.ndarray, said: str, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", content)
    with pytest.raises(InputError, match=rf"a\.npy.*{said}"):
        read_npy(tmp_path / "a.npy", 128)


def test_damaged_files(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    for raw in (b"", b"hello"):
        path.write_bytes(raw)
        with pytest.raises(InputError, match="cannot read recording"):
            read_npy(path, 128)
    np.save(path, np.array([object()]), allow_pickle=True)
    with pytest.raises(InputError, match="cannot read recording"):
        read_npy(path, 128)
    with pytest.raises(InputError, match="cannot read recording"):
        read_npy(tmp_path / "missing.npy", 128)


#: Counted by hand: what all of the forms below hold.
COLUMNS = {"x": [11, 8, 20, 8], "y": [21, 10, 23, 0], "p": [1, 0, 1, 1], "t": [0, 2, 3, 3_000_001]}


@pytest.mark.parametrize("order", ["txyp", "xytp"])
@pytest.mark.parametrize("off", [0, -1])
def test_orders_of_plain_arrays_are_found_out(order: str, off: int, tmp_path: Path) -> None:
    columns = COLUMNS | {"p": [value or off for value in COLUMNS["p"]]}
    np.save(tmp_path / "a.npy", np.array([columns[name] for name in order]).T)
    assert [column.tolist() for column in read_npy(tmp_path / "a.npy", 32)] == list(COLUMNS.values())
    seconds = columns | {"t": [time / 1e6 for time in columns["t"]]}
    np.save(tmp_path / "b.npy", np.array([seconds[name] for name in order]).T)
    assert [column.tolist() for column in read_npy(tmp_path / "b.npy", 32)] == list(COLUMNS.values())


@pytest.mark.parametrize(("polarity", "time"), [("polarity", "timestamp"), ("pol", "ts"), ("on", "time")])
@pytest.mark.parametrize("scale", [1, 1e-6])
def test_names_of_other_libraries(polarity: str, time: str, scale: float, tmp_path: Path) -> None:
    names = ("x", "y", polarity, time)
    arrays = {name: np.array(values) for name, values in zip(names, COLUMNS.values(), strict=True)}
    arrays[time] = arrays[time] * scale
    np.savez(tmp_path / "a.npz", **arrays)
    assert [column.tolist() for column in read_npz(tmp_path / "a.npz", 32)] == list(COLUMNS.values())
    rows = np.zeros(4, dtype=[(name, array.dtype) for name, array in arrays.items()])
    for name, array in arrays.items():
        rows[name] = array
    np.save(tmp_path / "a.npy", rows)
    assert [column.tolist() for column in read_npy(tmp_path / "a.npy", 32)] == list(COLUMNS.values())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"y": None}, "expected an array [events] called y, found x, p, t"),
        ({"ts": [0] * 4}, "called t or ts or time or timestamp, found x, y, p, t, ts"),
        ({"x": [0.5] * 4}, "expected whole numbers in x, found float64"),
        ({"t": [float("nan")] * 4}, "expected finite numbers in t, found float64"),
        ({"p": [1]}, "expected p [events], found [1]"),
        ({"x": [[1] * 4]}, "expected x [events], found [1, 4]"),
        ({"p": [-1, 0, 1, 1]}, "polarities 0 or 1"),
    ],
)
def test_columns_that_do_not_fit_are_named(changes: dict[str, object], said: str, tmp_path: Path) -> None:
    arrays = {name: np.array(values) for name, values in (COLUMNS | changes).items() if values is not None}
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(InputError, match=re.escape(said)) as error:
        read_npz(tmp_path / "a.npz", 32)
    assert str(error.value).startswith(str(tmp_path / "a.npz"))
    assert "\n" not in str(error.value)


def test_the_other_kind_of_file(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", **{name: np.array(values) for name, values in COLUMNS.items()})
    (tmp_path / "a.npz").rename(tmp_path / "a.npy")
    with pytest.raises(InputError, match=r"name it \.npz"):
        read_npy(tmp_path / "a.npy", 32)
    np.save(tmp_path / "b.npy", np.zeros((1, 4)))
    (tmp_path / "b.npy").rename(tmp_path / "b.npz")
    with pytest.raises(InputError, match=r"name it \.npy"):
        read_npz(tmp_path / "b.npz", 32)

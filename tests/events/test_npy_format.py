"""Recordings in numpy files, plain and structured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spikecast.errors import InputError
from spikecast.events.formats.npy import read_npy


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
        structured("xyt" + "p")[["x", "y", "t"]],
        structured("xypt", t="<f8"),
        structured("xypt").reshape(1, 3),
        np.zeros(3, dtype=[("x", "i8"), ("y", "i8"), ("p", "i8", 2), ("t", "i8")]),
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
        (np.array([[0, -1, 0, 0]]), "coordinates must be 0..127"),
        (np.array([[0, 0, 2, 0]]), "polarities 0 or 1"),
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

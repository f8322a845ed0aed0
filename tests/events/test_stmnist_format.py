"""ST-MNIST's files, made by scipy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from spikecast.errors import InputError
from spikecast.events.formats.mat import read_stmnist


def train() -> np.ndarray:
    """Sensor 37 says +1 at 0.2 s; sensors 4 and 99 say -1 and +1 at 0.200013 s."""
    rows = np.zeros((101, 2))
    rows[37, 0], rows[4, 1], rows[99, 1] = 1, -1, 1
    rows[100] = 0.2, 0.200013
    return rows


def test_every_event_comes_back(tmp_path: Path) -> None:
    savemat(tmp_path / "1.mat", {"spiketrain": train(), "note": "other"})
    events = read_stmnist(tmp_path / "1.mat", 10)
    assert [column.tolist() for column in events] == [[7, 4, 9], [3, 0, 9], [1, 0, 1], [0, 13, 13]]


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"other": train()}, "not an ST-MNIST recording"),
        ({"spiketrain": train()[1:]}, "not an ST-MNIST recording"),
        ({"spiketrain": "text"}, "not an ST-MNIST recording"),
        ({"spiketrain": np.full((101, 2), np.nan)}, "not an ST-MNIST recording"),
        ({"spiketrain": np.zeros((101, 2))}, "holds no events"),
    ],
)
def test_other_arrays(arrays: dict[str, object], said: str, tmp_path: Path) -> None:
    savemat(tmp_path / "1.mat", arrays)
    with pytest.raises(InputError, match=rf"1\.mat.*{said}"):
        read_stmnist(tmp_path / "1.mat", 10)


def test_damaged_files(tmp_path: Path) -> None:
    path = tmp_path / "1.mat"
    savemat(path, {"spiketrain": train()}, do_compression=True)
    whole = path.read_bytes()
    for content in (b"", b"hello", whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"1\.mat"):
            read_stmnist(path, 10)
    with pytest.raises(InputError, match="cannot read recording"):
        read_stmnist(tmp_path / "missing.mat", 10)

"""The N-MNIST and N-Caltech101 format, through tonic's real reader."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from spikecast.errors import InputError
from spikecast.events.nmnist_format import to_bin
from spikecast.events.recording_files import whole_events
from spikecast.events.tonic_adapter import read_bin

#: An event in row 240 only says that the clock ran over: 2 ** 13 us are added to what follows.
RAN_OVER, STEP_US = b"\x00\xf0\x00\x00\x00", 2**13


@pytest.fixture(autouse=True)
def _reader() -> None:
    pytest.importorskip("tonic")


def test_every_event_comes_back(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    x, y = random.integers(0, 240, (2, 300))
    written = whole_events(
        "here",
        x=x,
        y=y,
        polarity=random.integers(0, 2, 300),
        time_us=np.cumsum(random.integers(0, 999, 300)),
        sensor_size=240,
    )
    (tmp_path / "1.bin").write_bytes(to_bin(written))
    for ours, theirs in zip(read_bin(tmp_path / "1.bin", 240), written, strict=True):
        assert np.array_equal(ours, theirs)


def test_the_clock_runs_over(tmp_path: Path) -> None:
    events = b"\x01\x02\x80\x00\x05", b"\x03\x04\x00\x00\x06", b"\x05\x06\x80\x00\x07"
    (tmp_path / "1.bin").write_bytes(events[0] + RAN_OVER + events[1] + RAN_OVER + events[2])
    read = read_bin(tmp_path / "1.bin", 240)
    assert [column.tolist() for column in read[:3]] == [[1, 3, 5], [2, 4, 6], [1, 0, 1]]
    assert read.time_us.tolist() == [0, STEP_US + 1, 2 * STEP_US + 2]


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "holds no events"), (b"1234567", "7 bytes"), (b"\x28\x00\x00\x00\x00", "34 x 34")]
)
def test_other_files(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "1.bin").write_bytes(content)
    with pytest.raises(InputError, match=rf"1\.bin.*{said}"):
        read_bin(tmp_path / "1.bin", 34)
    with pytest.raises(InputError, match="cannot read recording"):
        read_bin(tmp_path / "2.bin", 34)


def test_without_tonic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tonic", None)
    with pytest.raises(InputError, match=r"needs the package tonic: pip install 'spikecast\[train\]'"):
        read_bin(tmp_path / "1.bin", 34)

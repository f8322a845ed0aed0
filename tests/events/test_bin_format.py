"""The N-MNIST and N-Caltech101 format, whatever the sensor, against tonic's reader."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st

from spikecast.errors import InputError
from spikecast.events.formats.bin import read_bin, to_bin
from spikecast.events.recordings import whole_events

#: An event in row 240 only says that the clock ran over: 2 ** 13 us are added to what follows.
RAN_OVER, STEP_US = b"\x00\xf0\x00\x00\x00", 2**13


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


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 5), max_size=40))
def test_as_tonic_reads_it(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, ...]]) -> None:
    io = pytest.importorskip("tonic").io
    path = tmp_path_factory.mktemp("bin") / "1.bin"
    path.write_bytes(bytes(byte for row in rows for byte in row))
    expected = io.read_mnist_file(str(path), dtype=io.events_struct)
    if not len(expected):
        with pytest.raises(InputError, match="holds no events"):
            read_bin(path, 256)
        return
    ours = read_bin(path, 256)
    order = np.argsort(expected["t"], kind="stable")
    for name, column in zip("xyp", ours[:3], strict=True):
        assert column.tolist() == expected[name][order].astype(int).tolist()
    assert ours.time_us.tolist() == (expected["t"][order] - expected["t"].min()).tolist()

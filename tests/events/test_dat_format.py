"""Prophesee's files, written byte by byte."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from spikecast.errors import InputError
from spikecast.events.formats.dat import read_dat

HEADER = b"% Data file containing N9Chronocam7Event2dE events.\n% Version 2\n% Date 2017-10-31 11:27:54\n"


def dat(events: list[tuple[int, int, int, int]], header: bytes = HEADER, size: int = 8) -> bytes:
    packed = (struct.pack("<II", t, polarity << 28 | y << 14 | x) for x, y, polarity, t in events)
    return header + bytes([0, size]) + b"".join(packed)


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_every_event_comes_back(tmp_path: Path) -> None:
    path = write(tmp_path / "1.dat", dat([(119, 99, 1, 2**31), (0, 7, 0, 2**31 + 3), (1279, 719, 1, 2**31 + 3)]))
    events = read_dat(path, 2**16)
    assert [column.tolist() for column in events] == [[119, 0, 1279], [99, 7, 719], [1, 0, 1], [0, 3, 3]]


def test_a_clock_that_runs_over_goes_on(tmp_path: Path) -> None:
    path = write(tmp_path / "1.dat", dat([(1, 2, 1, 2**32 - 10), (1, 2, 1, 2**32 - 1), (1, 2, 1, 5), (1, 2, 1, 4)]))
    assert read_dat(path, 8).time_us.tolist() == [0, 9, 14, 15]


def test_a_header_of_windows(tmp_path: Path) -> None:
    path = write(tmp_path / "1.dat", dat([(1, 2, 1, 3)], b"% Version 2\r\n% Height 240\r\n"))
    assert read_dat(path, 240).x.tolist() == [1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a whole DAT recording"),
        (HEADER, "not a whole DAT recording"),
        (HEADER[:20], "not a whole DAT recording"),
        (dat([]), "holds no events"),
        (dat([(1, 2, 1, 3)])[:-1], "not a whole DAT recording"),
        (dat([(1, 2, 1, 3)], size=16), "not a whole DAT recording"),
        (dat([(1, 2, 1, 3)], b"% Version 3\n"), "not a whole DAT recording"),
        (dat([(1, 2, 1, 3)], b""), "not a whole DAT recording"),
        (dat([(1, 2, 2, 3)]), "polarities 0 or 1"),
    ],
)
def test_other_files(content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"1\.dat.*{said}") as error:
        read_dat(write(tmp_path / "1.dat", content), 128)
    assert "\n" not in str(error.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read recording .*1\.dat"):
        read_dat(tmp_path / "1.dat", 128)

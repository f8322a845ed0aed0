"""Real AEDAT4 files, written byte by byte, through tonic's real reader; left out where aedat is not installed."""

from __future__ import annotations

import struct
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from spikecast.errors import InputError
from spikecast.events.formats.aedat import read_aedat4
from spikecast.events.formats.reader import stated_side

#: An event as the format lays it out: 16 bytes, the last three unused.
EVENT = np.dtype({"names": ["t", "x", "y", "on"], "formats": ["<i8", "<i2", "<i2", "?"], "itemsize": 16})
STREAM = """<dv version="2.0"><node name="outInfo" path="/outInfo/"><node name="0" path="/outInfo/0/">
<attr key="compression" type="string">NONE</attr><attr key="typeIdentifier" type="string">EVTS</attr>
<node name="info" path="/outInfo/0/info/"><attr key="sizeX" type="int">128</attr>
<attr key="sizeY" type="int">128</attr></node></node></node></dv>"""


def prefixed(content: bytes) -> bytes:
    return struct.pack("<I", len(content)) + content


def aedat4(events: np.ndarray, packets: int) -> bytes:
    # Both flatbuffers: where the table starts, identifier, sizes and places of the fields, the table itself.
    stream = STREAM.encode()
    table = struct.pack("<I4s5H2xiiIqI", 20, b"IOHE", 10, 20, 4, 12, 8, 12, 0, 12, -1, len(stream))
    content = b"#!AER-DAT4.0\r\n" + prefixed(table + stream + b"\0")
    for part in np.array_split(events, packets):
        table = struct.pack("<I4s3H2xiI4xI", 16, b"EVTS", 6, 8, 4, 8, 8, len(part))
        packet = prefixed(table + part.tobytes())
        content += struct.pack("<ii", 0, len(packet)) + packet
    return content


@pytest.fixture
def events() -> np.ndarray:
    random = np.random.default_rng(0)
    events = np.zeros(300, dtype=EVENT)
    events["t"] = 1_600_000_000_000_000 + np.cumsum(random.integers(0, 9, 300))
    events["x"], events["y"] = random.integers(0, 128, (2, 300))
    events["on"] = random.integers(0, 2, 300)
    return events


@pytest.fixture(autouse=True)
def _reader() -> None:
    pytest.importorskip("tonic")
    pytest.importorskip("aedat")


@pytest.mark.parametrize("packets", [1, 3])
def test_every_event_comes_back(events: np.ndarray, packets: int, tmp_path: Path) -> None:
    path = tmp_path / "1.aedat4"
    path.write_bytes(aedat4(events, packets))
    read = read_aedat4(path, 128)
    assert stated_side(path) == 128
    assert np.array_equal(read.time_us, events["t"] - events["t"][0])
    for column, name in ((read.x, "x"), (read.y, "y"), (read.polarity, "on")):
        assert np.array_equal(column, events[name])


@pytest.mark.parametrize("share", [0, 0.01, 0.1, 0.5, 0.99])
def test_cut_files(events: np.ndarray, share: float, tmp_path: Path) -> None:
    path = tmp_path / "1.aedat4"
    whole = aedat4(events, 3)
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError, match="cannot read recording"):
        read_aedat4(path, 128)


def test_missing_file_and_no_event(tmp_path: Path) -> None:
    for read in (stated_side, partial(read_aedat4, sensor_size=128)):
        with pytest.raises(InputError, match=r"1\.aedat4"):
            read(tmp_path / "1.aedat4")
    (tmp_path / "2.aedat4").write_bytes(aedat4(np.zeros(0, dtype=EVENT), 1))
    with pytest.raises(InputError, match=r"2\.aedat4"):
        read_aedat4(tmp_path / "2.aedat4", 128)

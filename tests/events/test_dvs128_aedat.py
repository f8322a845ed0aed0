"""jAER's files of a DVS128, written byte by byte, and MNIST-DVS made of them."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from spikecast.datasets import EVENTS_VARIABLE
from spikecast.errors import InputError
from spikecast.events import bin_recordings, denoised, load_dataset
from spikecast.events.formats.aedat import read_dvs128
from spikecast.events.frames import cropped
from spikecast.testing import DatasetSuite

HEADER = (
    b"#!AER-DAT2.0\r\n"
    b"# This is a raw AE data file - do not edit\r\n"
    b"# Data format is int32 address, int32 timestamp (8 bytes total), repeated for each event\r\n"
    b"# Timestamps tick is 1 us\r\n"
)


def address(column: int, row: int, polarity: int) -> int:
    """What the sensor sends for a pixel, counted from the upper left: see jAER's class DVS128."""
    return (127 - row) << 8 | (127 - column) << 1 | (1 - polarity)


def aedat(addresses: list[int], times_us: list[int], header: bytes = HEADER) -> bytes:
    return header + b"".join(struct.pack(">II", *event) for event in zip(addresses, times_us, strict=True))


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_events_are_upright(tmp_path: Path) -> None:
    # Darker at the lower right corner, which is address 0 but for the polarity, then brighter at the upper left.
    path = write(tmp_path / "1.aedat", aedat([1, 0x7FFE, address(3, 100, 1)], [2**31 - 1, 2**31, 2**31 + 9]))
    events = read_dvs128(path)
    assert [column.tolist() for column in events] == [[127, 0, 3], [127, 0, 100], [0, 1, 1], [0, 1, 10]]
    assert events.x.dtype == np.uint8


def test_pulses_are_no_events(tmp_path: Path) -> None:
    path = write(tmp_path / "1.aedat", aedat([0x8000, address(5, 6, 0), 0x8000_0000], [1, 2, 3]))
    assert [column.tolist() for column in read_dvs128(path)] == [[5], [6], [0], [0]]


def test_same_numbers_as_tonic_reads(tmp_path: Path) -> None:
    tonic_io = pytest.importorskip("tonic.io")
    random = np.random.default_rng(0)
    addresses, times_us = random.integers(0, 2**15, 200), np.sort(random.integers(0, 9999, 200))
    path = write(tmp_path / "1.aedat", aedat(addresses.tolist(), times_us.tolist()))
    version, start, _ = tonic_io.read_aedat_header_from_file(str(path))
    theirs = tonic_io.get_aer_events_from_file(str(path), version, start)
    events = read_dvs128(path)
    assert np.array_equal(theirs["timeStamp"] - theirs["timeStamp"][0], events.time_us)
    assert theirs["address"].tolist() == [
        address(int(x), int(y), int(p)) for x, y, p in zip(events.x, events.y, events.polarity, strict=True)
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a whole AEDAT 2.0 recording"),
        (b"#!AER-DAT2.0", "holds no events"),
        (HEADER, "holds no events"),
        (aedat([1, 2], [3, 4])[:-1], "not a whole AEDAT 2.0 recording"),
        (aedat([1, 2], [3, 4], b"#!AER-DAT3.1\r\n"), "not a whole AEDAT 2.0 recording"),
        (aedat([1, 2], [3, 4], b""), "not a whole AEDAT 2.0 recording"),
        (aedat([1, 1 << 22], [3, 4]), "not of a DVS128"),
    ],
)
def test_other_files(content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"1\.aedat.*{said}") as error:
        read_dvs128(write(tmp_path / "1.aedat", content))
    assert "\n" not in str(error.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read recording .*1\.aedat"):
        read_dvs128(tmp_path / "1.aedat")


@pytest.fixture
def mnist_dvs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Five recordings of every digit at every scale, in the published layout; the digits are squares of noise."""
    monkeypatch.setenv(EVENTS_VARIABLE, str(tmp_path))
    random = np.random.default_rng(0)
    for digit in range(10):
        for scale in (4, 8, 16):
            for number in range(1, 6):
                x, y = random.integers(64 - 4 * scale, 64 + 4 * scale, (2, 200))
                path = f"mnist-dvs/grabbed_data{digit}/scale{scale}/mnist_{digit}_scale{scale:02}_{number:04}.aedat"
                addresses = [address(int(column), int(row), 1) for column, row in zip(x, y, strict=True)]
                write(tmp_path / path, aedat(addresses, [100 * step for step in range(200)]))
    return tmp_path


class PublishedMnistDvs(DatasetSuite):
    """One scale, in the published layout."""

    @pytest.fixture
    def events(self, mnist_dvs: Path) -> Path:
        return mnist_dvs

    def label_of(self, name: str) -> int:
        return int(Path(name).name.split("_")[1])


class TestMnistDvs(PublishedMnistDvs):
    name = "mnist-dvs"


class TestMnistDvsScale8(PublishedMnistDvs):
    name = "mnist-dvs-scale8"


class TestMnistDvsScale4(PublishedMnistDvs):
    name = "mnist-dvs-scale4"


@pytest.mark.parametrize(("name", "scale", "crop"), [("", 16, 128), ("-scale8", 8, 64), ("-scale4", 4, 32)])
@pytest.mark.usefixtures("mnist_dvs")
def test_every_scale_is_a_data_set(name: str, scale: int, crop: int) -> None:
    recordings = load_dataset(f"mnist-dvs{name}").part(0, 60)
    assert len(recordings) == 50
    assert recordings.names[0] == f"grabbed_data0/scale{scale}/mnist_0_scale{scale:02}_0001.aedat"
    assert recordings.labels.tolist() == [digit for digit in range(10) for _ in range(5)]
    assert not recordings.official_test.any()
    frames = bin_recordings(cropped(denoised(recordings), crop), timesteps=4, size=32)
    # The square of noise fills the frame at every scale.
    assert frames[..., 0].any()
    assert frames[..., 31].any()


def test_folders_may_be_called_scale04(mnist_dvs: Path) -> None:
    for folder in mnist_dvs.glob("mnist-dvs/*/scale4"):
        folder.rename(folder.with_name("scale04"))
    assert len(load_dataset("mnist-dvs-scale4")) == 50


def test_a_missing_scale_is_named(mnist_dvs: Path) -> None:
    for path in mnist_dvs.glob("mnist-dvs/*/scale16/*"):
        path.unlink()
    with pytest.raises(InputError, match=r"no recordings of mnist-dvs in .*mnist_<digit>_scale16_<number>\.aedat"):
        load_dataset("mnist-dvs")

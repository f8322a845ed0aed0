"""One recording in a file of any format that is known, known by the end of its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from spikecast.errors import InputError
from spikecast.events.formats.aedat import DVS128_SIDE, read_aedat4, read_dvs128, side_of_aedat4
from spikecast.events.formats.bin import read_bin
from spikecast.events.formats.dat import read_dat, side_of_dat
from spikecast.events.formats.mat import read_stmnist
from spikecast.events.formats.npy import read_npy, read_npz
from spikecast.events.recordings import Events


def _not_stated(_path: Path) -> int | None:
    return None


@dataclass(frozen=True)
class _Format:
    """How files are read, given the side of the sensor, and which side they themselves state."""

    read: Callable[[Path, int], Events]
    side: Callable[[Path], int | None] = _not_stated


#: By the end of a file's name.
_FORMATS = {
    ".aedat": _Format(read_dvs128, lambda _path: DVS128_SIDE),
    ".aedat4": _Format(read_aedat4, side_of_aedat4),
    ".bin": _Format(read_bin),
    ".dat": _Format(read_dat, side_of_dat),
    ".mat": _Format(read_stmnist),
    ".npy": _Format(read_npy),
    ".npz": _Format(read_npz),
}


def check_suffix(path: Path) -> None:
    """Raise InputError if no reader knows files of this name."""
    if path.suffix.lower() not in _FORMATS:
        raise InputError(f"{path} is no recording: allowed are {' '.join(_FORMATS)}; convert or remove it")


def read_recording(path: Path, sensor_size: int) -> Events:
    """The events of one file, from a sensor of at most ``sensor_size`` pixels a side.

    Raises:
        InputError: the file is missing, damaged, not what its name says, or of a larger sensor.
    """
    check_suffix(path)
    return _FORMATS[path.suffix.lower()].read(path, sensor_size)


def stated_side(path: Path) -> int | None:
    """The longer side of the sensor in pixels, as the file's header or format has it; None where it does not say.

    Raises:
        InputError: the file is missing, damaged, or no recording.
    """
    check_suffix(path)
    return _FORMATS[path.suffix.lower()].side(path)

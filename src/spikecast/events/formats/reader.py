"""One recording in a file of any format that is known, known by the end of its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from spikecast.errors import InputError
from spikecast.events.formats.aedat import read_aedat4, read_dvs128
from spikecast.events.formats.bin import read_bin
from spikecast.events.formats.dat import read_dat
from spikecast.events.formats.mat import read_stmnist
from spikecast.events.formats.npy import read_npy
from spikecast.events.recordings import Events

_READERS: dict[str, Callable[[Path, int], Events]] = {
    ".aedat": read_dvs128,
    ".aedat4": read_aedat4,
    ".bin": read_bin,
    ".dat": read_dat,
    ".mat": read_stmnist,
    ".npy": read_npy,
}


def check_suffix(path: Path) -> None:
    """Raise InputError if no reader knows files of this name."""
    if path.suffix.lower() not in _READERS:
        raise InputError(f"{path} is no recording: allowed are {' '.join(_READERS)}; convert or remove it")


def read_recording(path: Path, sensor_size: int) -> Events:
    """The events of one file, from a sensor of at most ``sensor_size`` pixels a side.

    Raises:
        InputError: the file is missing, damaged, not what its name says, or of a larger sensor.
    """
    check_suffix(path)
    return _READERS[path.suffix.lower()](path, sensor_size)

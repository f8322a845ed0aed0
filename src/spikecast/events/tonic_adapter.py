"""The only place that knows tonic (GPL-3.0, an optional dependency): its readers of single files.

tonic's data set classes are not used: they download what they do not find, and count files before they believe that
all is there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from spikecast.errors import InputError
from spikecast.events.recording_files import whole_events
from spikecast.events.recordings import Events

_BIN_EVENT_BYTES = 5


def read_aedat4(path: Path, sensor_size: int) -> Events:
    """The events of the first event stream in an AEDAT4 file.

    Raises:
        InputError: the file is damaged or holds no events, or tonic or aedat, which tonic decodes with, is missing.
    """
    try:
        import aedat  # type: ignore[import-not-found,unused-ignore]  # noqa: F401
    except ModuleNotFoundError as error:
        raise _missing(path, error) from None
    tonic_io = _tonic_io(path)
    try:
        rows = tonic_io.read_aedat4(str(path))
    except Exception as error:  # the decoder has no exceptions of its own
        raise InputError(f"cannot read recording {path} ({error}): copy it again") from None
    # Names of the columns differ between versions of the decoder, their order does not.
    time_us, x, y, polarity = (np.asarray(rows[name]) for name in rows.dtype.names[:4])
    return whole_events(str(path), x=x, y=y, polarity=polarity, time_us=time_us, sensor_size=sensor_size)


def read_bin(path: Path, sensor_size: int) -> Events:
    """The events of an N-MNIST or N-Caltech101 file, whose row 240 is no row but says that the clock ran over.

    Raises:
        InputError: the file is missing, cut or something else, or tonic is missing.
    """
    tonic_io = _tonic_io(path)
    try:
        size = path.stat().st_size
        if size % _BIN_EVENT_BYTES:
            raise InputError(
                f"{path} is not whole: {size} bytes, expected a multiple of {_BIN_EVENT_BYTES}; copy it again"
            )
        rows = tonic_io.read_mnist_file(str(path), dtype=tonic_io.events_struct)
    except OSError as error:
        raise InputError(f"cannot read recording {path}: {error.strerror}") from None
    return whole_events(
        str(path), x=rows["x"], y=rows["y"], polarity=rows["p"], time_us=rows["t"], sensor_size=sensor_size
    )


def _tonic_io(path: Path) -> Any:
    try:
        from tonic import io  # type: ignore[import-untyped,unused-ignore]
    except ModuleNotFoundError as error:
        raise _missing(path, error) from None
    return io


def _missing(path: Path, error: ModuleNotFoundError) -> InputError:
    return InputError(f"reading {path} needs the package {error.name}: pip install 'spikecast[train]'")

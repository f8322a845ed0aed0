"""DVS128 Gesture, cut into samples: ``DVSGesture/ibmGestureTrain/<user>/<class>.npy`` and ``ibmGestureTest/...``.

This is the form that tonic and others hand out. A file is an array [events, 4] of x, y, polarity and time in
milliseconds.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spikecast.errors import InputError
from spikecast.events.local import local_files
from spikecast.events.recording_files import RecordingFiles, whole_events
from spikecast.events.recordings import Events

SENSOR_SIZE = 128
_CLASSES = 11


def dvs128_gesture(folder: Path | None) -> RecordingFiles:
    """Every recording below ``folder``.

    Raises:
        InputError: there are none, or a file is not named after a class.
    """
    paths = local_files("dvs128-gesture", folder, "DVSGesture/ibmGesture*/*/*.npy")
    return RecordingFiles(
        paths=paths,
        read=read_gesture,
        labels=np.array([_label(path) for path in paths], dtype=np.uint8),
        names=np.array(["/".join(path.parts[-3:]) for path in paths]),
        official_test=np.array([path.parts[-3] == "ibmGestureTest" for path in paths]),
        sensor_size=SENSOR_SIZE,
    )


def read_gesture(path: Path) -> Events:
    """The events of one file.

    Raises:
        InputError: it is missing, damaged, or something else.
    """
    try:
        with path.open("rb") as file:
            rows = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"cannot read recording {path} ({error}): copy it again") from None
    if not isinstance(rows, np.ndarray) or rows.ndim != 2 or rows.shape[1] != 4 or rows.dtype.kind not in "iuf":
        raise InputError(f"{path} is not a gesture recording: expected an array [events, 4] of x, y, polarity and ms")
    x, y, polarity, time_ms = rows.astype(np.int64).T
    return whole_events(str(path), x=x, y=y, polarity=polarity, time_us=time_ms * 1000, sensor_size=SENSOR_SIZE)


def _label(path: Path) -> int:
    if not path.stem.isdecimal() or int(path.stem) >= _CLASSES:
        raise InputError(
            f"{path} is not named after a class: expected 0.npy to {_CLASSES - 1}.npy; rename or remove it"
        )
    return int(path.stem)

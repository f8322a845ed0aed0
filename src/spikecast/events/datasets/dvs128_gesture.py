"""DVS128 Gesture, cut into samples: ``DVSGesture/ibmGestureTrain/<user>/<class>.npy`` and ``ibmGestureTest/...``.

This is the form that tonic and others hand out. A file is an array [events, 4] of x, y, polarity and time in
milliseconds.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from spikecast.datasets import DATASETS
from spikecast.errors import InputError
from spikecast.events.datasets.local import local_files
from spikecast.events.formats.npy import read_npy
from spikecast.events.recordings import RecordingFiles, numbered_classes

_DATASET = DATASETS["dvs128-gesture"]


def dvs128_gesture(folder: Path | None) -> RecordingFiles:
    """Every recording below ``folder``.

    Raises:
        InputError: there are none, or a file is not named after a class.
    """
    parts = (f"DVSGesture/ibmGesture{part}/*/*.npy" for part in ("Train", "Test"))
    paths = local_files(_DATASET, folder, *parts)
    return RecordingFiles(
        paths=paths,
        read=partial(read_npy, sensor_size=_DATASET.side),
        labels=np.array([_label(path) for path in paths], dtype=np.uint8),
        names=np.array(["/".join(path.parts[-3:]) for path in paths]),
        official_test=np.array([path.parts[-3] == "ibmGestureTest" for path in paths]),
        sensor_size=_DATASET.side,
        classes=numbered_classes(_DATASET.classes),
    )


def _label(path: Path) -> int:
    if not path.stem.isdecimal() or int(path.stem) >= _DATASET.classes:
        raise InputError(
            f"{path} is not named after a class: expected 0.npy to {_DATASET.classes - 1}.npy; rename or remove it"
        )
    return int(path.stem)

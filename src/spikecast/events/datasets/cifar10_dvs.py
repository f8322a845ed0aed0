"""CIFAR10-DVS: ``CIFAR10DVS/<class>/*.aedat4``, 1,000 recordings per class and no official test part."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from spikecast.datasets import DATASETS
from spikecast.errors import InputError
from spikecast.events.datasets.local import local_files
from spikecast.events.formats.aedat import read_aedat4
from spikecast.events.recordings import RecordingFiles

_DATASET = DATASETS["cifar10-dvs"]
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def cifar10_dvs(folder: Path | None) -> RecordingFiles:
    """Every recording below ``folder``; reading one needs tonic.

    Raises:
        InputError: there are none, or a folder is not named after a class.
    """
    paths = local_files(_DATASET, folder, "CIFAR10DVS/*/*.aedat4")
    return RecordingFiles(
        paths=paths,
        read=partial(read_aedat4, sensor_size=_DATASET.side),
        labels=np.array([_label(path) for path in paths], dtype=np.uint8),
        names=np.array(["/".join(path.parts[-2:]) for path in paths]),
        official_test=np.zeros(len(paths), dtype=np.bool_),
        sensor_size=_DATASET.side,
        classes=CLASSES,
    )


def _label(path: Path) -> int:
    if path.parent.name not in CLASSES:
        raise InputError(f"{path.parent} is not a class: expected {', '.join(CLASSES)}; rename or remove it")
    return CLASSES.index(path.parent.name)

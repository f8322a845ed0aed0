"""N-MNIST as published: 60,000 and 10,000 files in ``NMNIST/Train/<digit>`` and ``NMNIST/Test/<digit>``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spikecast.datasets import DATASETS
from spikecast.events.datasets.local import local_files
from spikecast.events.formats.bin import read_nmnist
from spikecast.events.recordings import RecordingFiles, numbered_classes

_DATASET = DATASETS["nmnist-full"]


def nmnist_full(folder: Path | None) -> RecordingFiles:
    """Every recording below ``folder``.

    Raises:
        InputError: there are none.
    """
    paths = local_files(_DATASET, folder, *(f"NMNIST/{part}/[0-9]/*.bin" for part in ("Train", "Test")))
    return RecordingFiles(
        paths=paths,
        read=read_nmnist,
        labels=np.array([int(path.parent.name) for path in paths], dtype=np.uint8),
        names=np.array(["/".join(path.parts[-3:]) for path in paths]),
        official_test=np.array([path.parts[-3] == "Test" for path in paths]),
        sensor_size=_DATASET.side,
        classes=numbered_classes(_DATASET.classes),
    )

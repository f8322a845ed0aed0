"""MNIST-DVS, from its published files or from compact ones.

Published: ``mnist-dvs/grabbed_data<digit>/scale<s>/mnist_<digit>_scale<ss>_<number>.aedat``. The same 10,000 digits are
recorded at three scales. Each scale is a data set of its own: together, a digit would be both trained and evaluated on.
There is no official test part.

Compact, of scale 16 alone: ``mnist-dvs/*.npz``. A file holds many recordings behind one another. Arrays: x, y, p (0 or
1) and t (microseconds), one entry per event; recording i owns events offsets[i]:offsets[i + 1], has labels[i], and is
for testing if split[i] is 1.
"""

from __future__ import annotations

import zipfile
import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spikecast.datasets import DATASETS
from spikecast.errors import InputError
from spikecast.events.datasets.local import local_files
from spikecast.events.formats.aedat import read_dvs128
from spikecast.events.recordings import RecordingFiles, Recordings, join_recordings, numbered_classes, whole_events

#: By scale.
_DATASETS = {
    16: DATASETS["mnist-dvs"],
    8: DATASETS["mnist-dvs-scale8"],
    4: DATASETS["mnist-dvs-scale4"],
}
_COMPACT = _DATASETS[16]
_ARRAYS = ("x", "y", "t", "p", "offsets", "labels", "split")


def mnist_dvs(folder: Path | None) -> Recordings | RecordingFiles:
    """Every recording of every npz file below ``folder``, otherwise of every published file of scale 16.

    Raises:
        InputError: there are none, or an npz file is damaged.
    """
    compact = sorted(folder.glob("mnist-dvs/*.npz")) if folder else []
    return _join_files(compact) if compact else mnist_dvs_aedat(folder, scale=16)


def mnist_dvs_aedat(folder: Path | None, scale: int) -> RecordingFiles:
    """Every recording of one scale, 4, 8 or 16, below ``folder``.

    Raises:
        InputError: there are none.
    """
    # The folder is scale4 in the published archives, the file is scale04.
    pattern = f"mnist-dvs/grabbed_data*/scale*/mnist_[0-9]_scale{scale:02}_*.aedat"
    dataset = _DATASETS[scale]
    paths = local_files(dataset, folder, pattern)
    return RecordingFiles(
        paths=paths,
        read=read_dvs128,
        labels=np.array([int(path.name.split("_")[1]) for path in paths], dtype=np.uint8),
        names=np.array(["/".join(path.parts[-3:]) for path in paths]),
        official_test=np.zeros(len(paths), dtype=np.bool_),
        sensor_size=dataset.side,
        classes=numbered_classes(dataset.classes),
    )


def _join_files(paths: list[Path]) -> Recordings:
    parts = [(path, _read(path)) for path in paths]
    return join_recordings(
        [
            whole_events(
                f"{path} recording {sample}",
                x=arrays["x"][start:stop],
                y=arrays["y"][start:stop],
                polarity=arrays["p"][start:stop],
                time_us=arrays["t"][start:stop],
                sensor_size=_COMPACT.side,
            )
            for path, arrays in parts
            for sample, (start, stop) in enumerate(pairwise(arrays["offsets"]))
        ],
        labels=np.concatenate([arrays["labels"] for _, arrays in parts]).astype(np.uint8),
        names=np.array([f"{path.stem}/{sample}" for path, arrays in parts for sample in range(len(arrays["labels"]))]),
        official_test=np.concatenate([arrays["split"] for _, arrays in parts]).astype(np.bool_),
        sensor_size=_COMPACT.side,
    )


def _read(path: Path) -> dict[str, NDArray[np.int64]]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: np.atleast_1d(archive[name]).astype(np.int64) for name in _ARRAYS}
    except (ValueError, KeyError, TypeError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(f"{path} is not a whole file of MNIST-DVS recordings ({error}): copy it again") from None
    offsets, labels = arrays["offsets"], arrays["labels"]
    fits = (
        len(offsets) == len(labels) + 1 == len(arrays["split"]) + 1
        and labels.size > 0
        and offsets[0] == 0
        and bool(np.all(np.diff(offsets) >= 0))
        and all(len(arrays[name]) == offsets[-1] for name in ("x", "y", "t", "p"))
    )
    if not fits or labels.min() < 0 or labels.max() >= _COMPACT.classes:
        raise InputError(
            f"{path}: its arrays do not fit together, or a label is not 0..{_COMPACT.classes - 1}; "
            "convert the recordings again"
        )
    return arrays

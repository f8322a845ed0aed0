"""Data sets by name, opened and binned once per process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from spikecast.datasets import DATASETS
from spikecast.events.archive import load_recordings
from spikecast.events.binning import bin_recordings
from spikecast.events.recordings import Recordings
from spikecast.events.split import split_recordings
from spikecast.names import resolve_name
from spikecast.shipped import shipped_path


@dataclass(frozen=True)
class BinnedSplit:
    """Binarised frames, uint8[samples, timesteps, 2, size, size], and labels of both parts of the split."""

    train: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    evaluation: NDArray[np.uint8]
    evaluation_labels: NDArray[np.uint8]


@lru_cache(maxsize=2)
def load_dataset(name: str) -> Recordings:
    """All recordings of a data set that comes with spikecast.

    Raises:
        InputError: the name is unknown, or the file is missing or damaged.
    """
    return load_recordings(shipped_path(f"data/events/{resolve_name('dataset', name, DATASETS)}.npz"))


@lru_cache(maxsize=4)
def load_binned(name: str, timesteps: int, size: int) -> BinnedSplit:
    """A data set, binned, binarised and split; the arrays are shared, so they are read-only."""
    recordings = load_dataset(name)
    split = split_recordings(recordings)
    frames = bin_recordings(recordings, timesteps=timesteps, size=size)
    binned = BinnedSplit(
        train=frames[split.train],
        train_labels=recordings.labels[split.train],
        evaluation=frames[split.evaluation],
        evaluation_labels=recordings.labels[split.evaluation],
    )
    for array in vars(binned).values():
        array.flags.writeable = False
    return binned

"""Data sets by name, opened and binned once per process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spikecast.datasets import DATASETS, POLARITIES
from spikecast.events.archive import load_recordings
from spikecast.events.binning import bin_recordings
from spikecast.events.cifar10_dvs import cifar10_dvs
from spikecast.events.denoise import denoised
from spikecast.events.digits_saccade import digits_saccade
from spikecast.events.dvs128_gesture import dvs128_gesture
from spikecast.events.local import events_folder
from spikecast.events.mnist_dvs import mnist_dvs
from spikecast.events.nmnist_full import nmnist_full
from spikecast.events.recording_files import RecordingFiles
from spikecast.events.recordings import Recordings
from spikecast.events.split import split_recordings
from spikecast.names import resolve_name
from spikecast.shipped import shipped_path

_COMES_ALONG: dict[str, Callable[[], Recordings]] = {
    "nmnist": lambda: load_recordings(shipped_path("data/events/nmnist.npz")),
    "digits-saccade": digits_saccade,
}
_LOCAL: dict[str, Callable[[Path | None], Recordings | RecordingFiles]] = {
    "mnist-dvs": mnist_dvs,
    "nmnist-full": nmnist_full,
    "dvs128-gesture": dvs128_gesture,
    "cifar10-dvs": cifar10_dvs,
}
#: Recordings that are binned at a time: few, because a gesture has half a million events.
_BLOCK = 32


@dataclass(frozen=True)
class BinnedSplit:
    """Binarised frames, uint8[samples, timesteps, 2, size, size], and labels of both parts of the split."""

    train: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    evaluation: NDArray[np.uint8]
    evaluation_labels: NDArray[np.uint8]


def load_dataset(name: str) -> Recordings | RecordingFiles:
    """A data set: its recordings, or where there may be too many for memory, their files.

    Raises:
        InputError: the name is unknown, or its files are missing or damaged.
    """
    name = resolve_name("dataset", name, DATASETS)
    return _open(name, events_folder() if name in _LOCAL else None)


@lru_cache(maxsize=2)
def _open(name: str, folder: Path | None) -> Recordings | RecordingFiles:
    return _LOCAL[name](folder) if name in _LOCAL else _COMES_ALONG[name]()


def load_binned(name: str, timesteps: int, size: int) -> BinnedSplit:
    """A data set, denoised if it is of that kind, binned, binarised and split.

    The arrays are shared, so they are read-only.

    Raises:
        InputError: as ``load_dataset``, or a recording is damaged.
    """
    name = resolve_name("dataset", name, DATASETS)
    return _bin(name, events_folder() if name in _LOCAL else None, timesteps, size)


@lru_cache(maxsize=4)
def _bin(name: str, folder: Path | None, timesteps: int, size: int) -> BinnedSplit:
    recordings = _open(name, folder)
    split = split_recordings(recordings)
    frames = np.empty((len(recordings), timesteps, POLARITIES, size, size), dtype=np.uint8)
    for start in range(0, len(recordings), _BLOCK):
        block = recordings.part(start, start + _BLOCK)
        prepared = denoised(block) if DATASETS[name].denoised else block
        frames[start : start + _BLOCK] = bin_recordings(prepared, timesteps=timesteps, size=size)
    binned = BinnedSplit(
        train=frames[split.train],
        train_labels=recordings.labels[split.train],
        evaluation=frames[split.evaluation],
        evaluation_labels=recordings.labels[split.evaluation],
    )
    for array in vars(binned).values():
        array.flags.writeable = False
    return binned

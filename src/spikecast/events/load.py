"""Data sets by name, opened and binned once per process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spikecast.datasets import POLARITIES, dataset_of
from spikecast.events.archive import load_recordings
from spikecast.events.binning import bin_recordings
from spikecast.events.cifar10_dvs import cifar10_dvs
from spikecast.events.crop import cropped
from spikecast.events.denoise import denoised
from spikecast.events.digits_saccade import digits_saccade
from spikecast.events.dvs128_gesture import dvs128_gesture
from spikecast.events.folder import folder_recordings
from spikecast.events.local import events_folder
from spikecast.events.mnist_dvs import mnist_dvs
from spikecast.events.mnist_dvs_aedat import mnist_dvs_aedat
from spikecast.events.nmnist_full import nmnist_full
from spikecast.events.recording_files import RecordingFiles
from spikecast.events.recordings import Recordings
from spikecast.events.split import split_recordings
from spikecast.shipped import shipped_path

_COMES_ALONG: dict[str, Callable[[], Recordings]] = {
    "nmnist": lambda: load_recordings(shipped_path("data/events/nmnist.npz")),
    "digits-saccade": digits_saccade,
}
_LOCAL: dict[str, Callable[[Path | None], Recordings | RecordingFiles]] = {
    "mnist-dvs": mnist_dvs,
    "mnist-dvs-scale8": partial(mnist_dvs_aedat, scale=8),
    "mnist-dvs-scale4": partial(mnist_dvs_aedat, scale=4),
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


def load_dataset(name: str, events: Path | None = None) -> Recordings | RecordingFiles:
    """A data set: its recordings, or where there may be too many for memory, their files.

    Args:
        name: what ``dataset_of`` knows.
        events: folder of the data sets that do not come with spikecast; None: the one that the environment names.

    Raises:
        InputError: the name is unknown, or its files are missing or damaged.
    """
    dataset = dataset_of(name)
    return _open(dataset.name, events_folder(events) if dataset.files else None)


@lru_cache(maxsize=2)
def _open(name: str, folder: Path | None) -> Recordings | RecordingFiles:
    if name in _COMES_ALONG:
        return _COMES_ALONG[name]()
    return _LOCAL[name](folder) if name in _LOCAL else folder_recordings(dataset_of(name), folder)


def load_binned(name: str, timesteps: int, size: int, events: Path | None = None) -> BinnedSplit:
    """A data set, denoised and cropped if it is of that kind, binned, binarised and split.

    The arrays are shared, so they are read-only.

    Raises:
        InputError: as ``load_dataset``, or a recording is damaged.
    """
    dataset = dataset_of(name)
    return _bin(dataset.name, events_folder(events) if dataset.files else None, timesteps, size)


@lru_cache(maxsize=4)
def _bin(name: str, folder: Path | None, timesteps: int, size: int) -> BinnedSplit:
    dataset, recordings = dataset_of(name), _open(name, folder)
    split = split_recordings(recordings)
    frames = np.empty((len(recordings), timesteps, POLARITIES, size, size), dtype=np.uint8)
    for start in range(0, len(recordings), _BLOCK):
        block = recordings.part(start, start + _BLOCK)
        prepared = denoised(block) if dataset.denoised else block
        if dataset.crop is not None:
            prepared = cropped(prepared, dataset.crop)
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

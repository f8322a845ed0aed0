"""Data sets by name, opened, split and binned once per process.

Which recordings train and which evaluate is stratified, fixed, and the same for everyone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spikecast._util.files import shipped_path
from spikecast.datasets import POLARITIES, dataset_of
from spikecast.errors import InputError
from spikecast.events.archive import load_recordings
from spikecast.events.datasets.cifar10_dvs import cifar10_dvs
from spikecast.events.datasets.digits_saccade import digits_saccade
from spikecast.events.datasets.dvs128_gesture import dvs128_gesture
from spikecast.events.datasets.folder import folder_recordings
from spikecast.events.datasets.local import events_folder
from spikecast.events.datasets.mnist_dvs import mnist_dvs, mnist_dvs_aedat
from spikecast.events.datasets.nmnist import nmnist_full
from spikecast.events.frames import bin_recordings, cropped, denoised
from spikecast.events.recordings import RecordingFiles, Recordings

#: Share of each class's official training recordings that train; the rest evaluates.
TRAIN_SHARE = 0.8
#: Fixed once: every row of every data set rests on the same split.
SPLIT_SEED = 20260101
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
    """Binarized frames, uint8[samples, timesteps, 2, size, size], and labels of both parts of the split."""

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
    """A data set, denoised and cropped if it is of that kind, binned, binarized and split.

    The arrays are shared, so they are read-only.

    Raises:
        InputError: the name is unknown, its files are missing or damaged, or a recording is.
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


@dataclass(frozen=True)
class Split:
    """Indices of recordings, int64, ascending: ``train`` and ``evaluation`` share none."""

    train: NDArray[np.int64]
    evaluation: NDArray[np.int64]


def split_recordings(recordings: Recordings | RecordingFiles) -> Split:
    """Split the official training part 80 / 20 by class; all official test recordings evaluate.

    The number that trains is TRAIN_SHARE of the whole part exactly; classes get their share of it, rounded by
    largest remainder.

    Raises:
        InputError: there is no official training part.
    """
    random = np.random.default_rng(SPLIT_SEED)
    candidates = np.flatnonzero(~recordings.official_test)
    if not candidates.size:
        raise InputError(f"all {len(recordings)} recordings are for testing: add the training part of the data set")
    labels = recordings.labels[candidates]
    classes, sizes = np.unique(labels, return_counts=True)
    quotas = _largest_remainder(sizes * TRAIN_SHARE)
    train = [
        random.permutation(candidates[labels == label])[:quota] for label, quota in zip(classes, quotas, strict=True)
    ]
    chosen = np.sort(np.concatenate(train))
    return Split(train=chosen, evaluation=np.setdiff1d(np.arange(len(recordings)), chosen))


def _largest_remainder(shares: NDArray[np.floating]) -> NDArray[np.int64]:
    floors: NDArray[np.int64] = np.floor(shares).astype(np.int64)
    missing = round(float(shares.sum())) - int(floors.sum())
    floors[np.argsort(floors - shares, kind="stable")[:missing]] += 1
    return floors

"""Data sets by name, opened, split and binned once per process."""

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
from spikecast.events.identity import Digest, Identity
from spikecast.events.recordings import RecordingFiles, Recordings
from spikecast.events.split import Split, split_recordings

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
    """Binarized frames of both sides of the split.

    Attributes:
        train, evaluation: uint8[samples, timesteps, 2, size, size].
        train_labels, evaluation_labels: uint8[samples].
        identity: which recordings they were made from; None: of some that no data set holds.
    """

    train: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    evaluation: NDArray[np.uint8]
    evaluation_labels: NDArray[np.uint8]
    identity: Identity | None = None

    @property
    def lit(self) -> float:
        """Share of the input that is 1, of both sides together."""
        sides = (self.train, self.evaluation)
        return sum(np.count_nonzero(side) for side in sides) / sum(side.size for side in sides)


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


def split_dataset(name: str, events: Path | None = None) -> Split:
    """Which recordings of a data set train, and which evaluate.

    Args:
        name: what ``dataset_of`` knows.
        events: folder of the data sets that do not come with spikecast; None: the one that the environment names.

    Raises:
        InputError: the name is unknown, its files are missing or damaged, or a class has no recording on one side.
    """
    dataset, recordings = dataset_of(name), load_dataset(name, events)
    if len(recordings.classes) < dataset.classes:
        raise InputError(
            f"{dataset.name} has {len(recordings)} recordings of {len(recordings.classes)} classes, not of "
            f"{dataset.classes}: complete its files ({dataset.how_to_get})"
        )
    return split_recordings(recordings, train_evaluates=dataset.train_evaluates)


def load_binned(name: str, timesteps: int, size: int, events: Path | None = None) -> BinnedSplit:
    """A data set, denoised and cropped if it is of that kind, binned, binarized and split.

    The arrays are shared, so they are read-only.

    Raises:
        InputError: the name is unknown, its files are missing or damaged, or a recording is, or a class has no
            recording on one side of the split.
    """
    dataset = dataset_of(name)
    return _bin(dataset.name, events_folder(events) if dataset.files else None, timesteps, size)


@lru_cache(maxsize=4)
def _bin(name: str, folder: Path | None, timesteps: int, size: int) -> BinnedSplit:
    dataset, recordings = dataset_of(name), _open(name, folder)
    split, digest = split_dataset(name, folder), Digest()
    frames = np.empty((len(recordings), timesteps, POLARITIES, size, size), dtype=np.uint8)
    for start in range(0, len(recordings), _BLOCK):
        block = recordings.part(start, start + _BLOCK)
        digest.add(block)
        prepared = denoised(block) if dataset.denoised else block
        if dataset.crop is not None:
            prepared = cropped(prepared, dataset.crop)
        frames[start : start + _BLOCK] = bin_recordings(prepared, timesteps=timesteps, size=size)
    binned = BinnedSplit(
        train=frames[split.train],
        train_labels=recordings.labels[split.train],
        evaluation=frames[split.evaluation],
        evaluation_labels=recordings.labels[split.evaluation],
        identity=Identity(
            recordings=len(recordings),
            events=digest.events,
            classes=recordings.classes,
            side=recordings.sensor_size,
            split=split.rule,
            trained=len(split.train),
            sha256=digest.hexdigest(),
        ),
    )
    for array in (binned.train, binned.train_labels, binned.evaluation, binned.evaluation_labels):
        array.flags.writeable = False
    return binned

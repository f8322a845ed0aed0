"""Which recordings train and which evaluate: stratified, fixed, the same for everyone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikecast.errors import InputError
from spikecast.events.recording_files import RecordingFiles
from spikecast.events.recordings import Recordings

#: Share of each class's official training recordings that train; the rest evaluates.
TRAIN_SHARE = 0.8
#: Fixed once: every row of every data set rests on the same split.
SPLIT_SEED = 20260101


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

"""The recordings that an untrained network is shown: binned frames and their classes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from spikecast.choices import TrainingChoices
from spikecast.datasets import POLARITIES
from spikecast.errors import InputError


@dataclass(frozen=True, eq=False)
class ProbeRecordings:
    """Binned recordings; equal frames and classes make equal recordings, whatever arrays hold them.

    Attributes:
        frames: uint8[samples, timesteps, 2, size, size], 0 or 1.
        labels: uint8[samples], classes.
    """

    frames: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def __post_init__(self) -> None:
        """Check types and sizes; what is kept is a copy that nobody can change.

        Raises:
            InputError: there is no recording, a number other than 0 and 1, or not one class for each.
        """
        shape = self.frames.shape
        fits = len(shape) == 5 and shape[2] == POLARITIES and shape[3] == shape[4] and self.frames.size > 0
        if self.frames.dtype != np.uint8 or not fits or self.frames.max() > 1:
            raise InputError(
                f"frames of type {self.frames.dtype} and shape {shape} cannot be probed: give at least one recording "
                "as uint8[samples, timesteps, 2, size, size] of 0 and 1, such as load_binned makes"
            )
        if self.labels.dtype != np.uint8 or self.labels.shape != shape[:1]:
            raise InputError(
                f"labels of type {self.labels.dtype} and shape {self.labels.shape} do not fit {shape[0]} recordings: "
                "give uint8, one class for each"
            )
        for name in ("frames", "labels"):
            kept = np.array(getattr(self, name), order="C")
            kept.flags.writeable = False
            object.__setattr__(self, name, kept)

    @cached_property
    def key(self) -> str:
        """16 hex digits that name these recordings on every machine."""
        digest = hashlib.sha256(repr(self.frames.shape).encode())
        digest.update(np.packbits(self.frames).tobytes())
        digest.update(self.labels.tobytes())
        return digest.hexdigest()[:16]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ProbeRecordings) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def require_fit(self, choices: TrainingChoices) -> None:
        """Check that the network of ``choices`` takes these recordings.

        Raises:
            InputError: they have other timesteps, another size, or a class too many.
        """
        timesteps, size = self.frames.shape[1], self.frames.shape[-1]
        if (timesteps, size) != (choices.timesteps, choices.input_size):
            raise InputError(
                f"recordings of {timesteps} timesteps and {size} pixels a side do not fit timesteps "
                f"{choices.timesteps} and input_size {choices.input_size}: bin them anew"
            )
        classes = choices.dataset_info.classes
        if self.labels.max() >= classes:
            raise InputError(
                f"class {self.labels.max()} is not one of {choices.dataset}'s, 0 to {classes - 1}: "
                "give recordings of that data set"
            )


def balanced(frames: NDArray[np.uint8], labels: NDArray[np.uint8], count: int) -> ProbeRecordings:
    """The first ``count`` recordings, class by class in turn, so that classes have as many each as there are.

    Args:
        frames: uint8[samples, timesteps, 2, size, size], such as the training part of ``load_binned``.
        labels: uint8[samples], classes.
        count: how many; all, where there are fewer.

    Raises:
        InputError: ``count`` is below 1, or see ``ProbeRecordings``.
    """
    if count < 1:
        raise InputError(f"{count} recordings cannot be probed: give 1 or more")
    rank = np.empty(len(labels), np.int64)
    for label in np.unique(labels):
        of_class = np.flatnonzero(labels == label)
        rank[of_class] = np.arange(len(of_class))
    first = np.lexsort((labels, rank))[:count]
    return ProbeRecordings(frames[first], labels[first])

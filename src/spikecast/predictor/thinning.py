"""Thin or thicken a measured trace to another number of spikes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Rounds in which counts that reach their most leave the rest to the others.
_ROUNDS = 8


def thinned(references: NDArray[np.int64], totals: NDArray[np.float64], most: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts with the shape of measured ones and other totals.

    Every count is multiplied by one factor, but for those that reach their most; what rounding takes from one count
    goes on to the next, so that the totals are met to within a few spikes.

    Args:
        references: int64[asked, samples, timesteps, channels], measured spike counts.
        totals: float64[asked], spikes wanted in all samples together.
        most: int64[channels], the largest possible count.

    Returns:
        int64[asked, samples, timesteps, channels].
    """
    asked, (_, samples, timesteps, _) = len(references), references.shape
    room = np.tile(most, samples * timesteps)
    shape = references.reshape(asked, -1).astype(np.float64)
    wanted = np.minimum(totals, room.sum())[:, np.newaxis]
    exact = shape * (wanted / np.maximum(shape.sum(axis=1, keepdims=True), 1.0))
    for _ in range(_ROUNDS):
        full = exact >= room
        if not full.any():
            break
        exact = np.where(full, room, exact)
        free = np.where(full, 0.0, exact).sum(axis=1, keepdims=True)
        missing = wanted - exact.sum(axis=1, keepdims=True)
        exact = np.where(full, room, exact * (1.0 + missing / np.maximum(free, 1.0)))
    sums = np.floor(np.cumsum(exact, axis=1) + 0.5)
    counts = np.diff(sums, axis=1, prepend=0.0)
    return np.clip(counts, 0, room).astype(np.int64).reshape(references.shape)

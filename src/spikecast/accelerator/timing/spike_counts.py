"""Checks that every timing law makes of the spike counts it is given."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikecast.errors import InputError


def spike_counts(spikes: ArrayLike, dimensions: int, largest: int) -> NDArray[np.int64]:
    """Spike counts as int64, checked: right number of dimensions, whole numbers, 0 to ``largest``.

    Raises:
        InputError: what is wrong, with the value.
    """
    array = np.asarray(spikes)
    if array.ndim != dimensions:
        raise InputError(f"spike counts have {array.ndim} dimensions: expected {dimensions}")
    if not np.issubdtype(array.dtype, np.integer):
        raise InputError(f"spike counts are of type {array.dtype}: expected whole numbers")
    if 0 in array.shape:
        raise InputError(f"spike counts of shape {array.shape} hold nothing to time: give one timestep or more")
    counts = array.astype(np.int64)
    if not 0 <= counts.min() <= counts.max() <= largest:
        worst = counts.min() if counts.min() < 0 else counts.max()
        raise InputError(f"spike count {worst} is impossible: allowed: 0 to {largest}")
    return counts


def positive(**values: int) -> None:
    """Check that every named value is at least 1.

    Raises:
        InputError: the first that is not.
    """
    for name, value in values.items():
        if value < 1:
            raise InputError(f"{name} {value} is not allowed: use 1 or more")

"""Shapley values: what each player adds to a game, averaged over all orders in which players may join."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

from spikecast.errors import InputError

Array = NDArray[np.float64]


def shapley(values_by_subset: Array) -> Array:
    """Shapley values of k players, exact.

    Args:
        values_by_subset: float64[2**k, ...], the value of every subset of players; bit i of a position says whether
            player i is in it.

    Returns:
        float64[k, ...], which add up to the value of all players minus that of none.

    Raises:
        InputError: the number of values is no power of two.
    """
    count = len(values_by_subset)
    players = count.bit_length() - 1
    if count != 1 << max(players, 0):
        raise InputError(f"{count} values are not one for each subset: give 1, 2, 4, 8, ...")
    subsets = np.arange(count)
    sizes = np.bitwise_count(subsets)
    # How likely it is that just n others have joined before, and just these.
    weights = np.array([1.0 / (players * comb(players - 1, n)) for n in range(players)])
    shares = np.empty((players, *values_by_subset.shape[1:]))
    for player in range(players):
        without = subsets[subsets >> player & 1 == 0]
        added = values_by_subset[without | 1 << player] - values_by_subset[without]
        shares[player] = np.tensordot(weights[sizes[without]], added, axes=1)
    return shares

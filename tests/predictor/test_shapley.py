"""Shapley values against their definition, one order of joining after another."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from spikecast.errors import InputError
from spikecast.predictor.explain import shapley

Array = NDArray[np.float64]


def by_definition(values: Array) -> Array:
    """What each player adds when it joins, averaged over all orders."""
    players = len(values).bit_length() - 1
    added = np.zeros((players, *values.shape[1:]))
    orders = list(permutations(range(players)))
    for order in orders:
        joined = 0
        for player in order:
            added[player] += values[joined | 1 << player] - values[joined]
            joined |= 1 << player
    return added / len(orders)


#: Games of up to 5 players, two values to a subset.
games = st.integers(0, 5).flatmap(lambda players: arrays(np.float64, (2**players, 2), elements=st.floats(-1e3, 1e3)))


@given(games)
def test_equals_the_definition(values: Array) -> None:
    np.testing.assert_allclose(shapley(values), by_definition(values), atol=1e-9)


@given(games)
def test_shares_add_up(values: Array) -> None:
    np.testing.assert_allclose(shapley(values).sum(axis=0), values[-1] - values[0], atol=1e-9)


@given(arrays(np.float64, 8, elements=st.floats(-1e3, 1e3)))
def test_who_adds_nothing_gets_nothing(values: Array) -> None:
    # The new player is the second of four.
    subsets = np.arange(16)
    without = subsets & 1 | subsets >> 1 & 6
    shares = shapley(values[without])
    assert shares[1] == 0.0
    np.testing.assert_allclose(shares[[0, 2, 3]], shapley(values), atol=1e-9)


@given(st.lists(st.floats(-1e3, 1e3), min_size=5, max_size=5))
def test_players_who_are_alike_get_alike(by_size: list[float]) -> None:
    values = np.array(by_size)[np.bitwise_count(np.arange(16))]
    np.testing.assert_allclose(shapley(values), (by_size[-1] - by_size[0]) / 4, atol=1e-9)


def test_a_worked_example() -> None:
    # Left gloves of players 0 and 1, a right one of player 2: a pair is worth 1.
    values = np.array([0, 0, 0, 0, 0, 1, 1, 1], dtype=np.float64)
    np.testing.assert_allclose(shapley(values), [1 / 6, 1 / 6, 4 / 6])


@pytest.mark.parametrize("count", [0, 3, 12])
def test_every_subset_needs_a_value(count: int) -> None:
    with pytest.raises(InputError, match=f"{count} values are not one for each subset"):
        shapley(np.zeros(count))

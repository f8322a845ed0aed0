"""Axes of choices: every share is an allowed value, and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from spikecast.advise.axes import Categories, axis_of
from spikecast.ranges import Numbers


@given(
    st.floats(0.01, 10),
    st.floats(1.5, 100),
    st.booleans(),
    st.lists(st.floats(0, 1), min_size=1, max_size=20),
)
def test_numbers_stay_in_their_range_and_lead_back(low: float, factor: float, log: bool, shares: list[float]) -> None:
    axis = Numbers(low, low * factor, log)
    values = axis.at(np.array(shares))
    assert (values >= axis.low).all()
    assert (values <= axis.high).all()
    # Three digits move a value by half a percent of itself, which is a larger share of a narrow range.
    assert axis.shares_of(values) == pytest.approx(shares, abs=0.006 * factor / (factor - 1))


def test_logarithmic_numbers_are_spread_by_their_ratio() -> None:
    assert axis_of("slope", [50.0, 0.5]).at(np.array([0.0, 0.5, 1.0])).tolist() == [0.5, 5.0, 50.0]
    assert axis_of("beta", [0.2, 0.8]).at(np.array([0.0, 0.5, 1.0])).tolist() == [0.2, 0.5, 0.8]


def test_whole_numbers_stay_whole() -> None:
    assert axis_of("epochs", [8, 12]).at(np.array([0.0, 0.1, 0.5, 1.0])).tolist() == [8, 8, 10, 12]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_categories_lead_back_to_themselves(shares: list[float]) -> None:
    axis = axis_of("weight_bits", [8, 4, 32])
    assert axis == Categories((4, 8, 32))
    values = axis.at(np.array(shares))
    assert axis.at(axis.shares_of(values)).tolist() == values.tolist()
    assert set(axis.at(np.linspace(0, 1, 9)).tolist()) == {4, 8, 32}

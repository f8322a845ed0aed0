"""Thinned traces have the spikes that were asked for, in the measured shape."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings, strategies as st

from spikecast.predictor.spikes.thinning import Thinnable, thinned

SAMPLES, TIMESTEPS, CHANNELS = 2, 3, 4


def _references(seed: int) -> Thinnable:
    rng = np.random.default_rng(seed)
    most = rng.integers(20, 60, CHANNELS)
    return Thinnable(rng.integers(0, most // 2, (3, SAMPLES, TIMESTEPS, CHANNELS)), most)


@given(st.integers(0, 50), st.lists(st.floats(0, 2000), min_size=1, max_size=5))
@settings(deadline=None, max_examples=200)
def test_totals_are_met_within_what_is_possible(seed: int, totals: list[float]) -> None:
    references = _references(seed)
    chosen = np.arange(len(totals)) % len(references.counts)
    counts = references.thinned(chosen, np.array(totals))
    assert counts.shape == (len(totals), SAMPLES, TIMESTEPS, CHANNELS)
    assert counts.min() >= 0
    assert (counts <= references.most).all()
    there = (references.counts[chosen] > 0) * references.most
    possible = np.minimum(totals, there.sum(axis=(1, 2, 3)))
    assert np.abs(counts.sum(axis=(1, 2, 3)) - possible).max() <= 2


def test_the_measured_total_gives_the_measured_counts() -> None:
    references = _references(0)
    chosen = np.arange(len(references.counts))
    totals = references.counts.sum(axis=(1, 2, 3)).astype(np.float64)
    assert np.array_equal(references.thinned(chosen, totals), references.counts)


def test_one_factor_for_all_counts() -> None:
    measured = 2 * _references(1).counts[0]
    assert np.array_equal(thinned(measured, measured.sum() / 2, np.full(CHANNELS, 1000)), measured // 2)


def test_full_counts_leave_the_rest_to_the_others() -> None:
    measured = np.array([[[9, 1]]])
    assert thinned(measured, 14.0, np.array([10, 10])).tolist() == [[[10, 4]]]


def test_no_spikes_have_no_shape() -> None:
    assert not thinned(np.zeros((1, 2, 2), dtype=np.int64), 5.0, np.array([10, 10])).any()

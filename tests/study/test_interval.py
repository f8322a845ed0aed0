"""Intervals cover what they promise, and are the same every time."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spikecast.study.statistics import Estimate, bootstrap, with_recordings


def test_the_interval_of_a_mean_is_that_of_the_normal_law() -> None:
    sample = np.random.default_rng(0).normal(5, 2, 400)
    found = bootstrap(np.mean, sample)
    error = 1.96 * sample.std() / math.sqrt(len(sample))
    assert found.value == pytest.approx(sample.mean())
    assert (found.low, found.high) == pytest.approx((sample.mean() - error, sample.mean() + error), rel=0.01)
    assert bootstrap(np.mean, sample) == found


def test_samples_are_resampled_apart_or_together() -> None:
    sample = np.random.default_rng(1).normal(size=50)

    def difference(a: np.ndarray, b: np.ndarray) -> float:
        return float(a.mean() - b.mean())

    together = bootstrap(difference, sample, sample, paired=True)
    assert (together.low, together.high) == (0, 0)
    assert bootstrap(difference, sample, sample).high > 0.2


def test_too_few_have_no_interval() -> None:
    found = bootstrap(np.mean, np.array([1.0, 2.0, 3.0, 4.0]))
    assert found.value == 2.5
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_recordings_widen_an_interval_in_squares() -> None:
    # 100 * 1.96 * sqrt(2 * 0.9 * 0.1 / 300) is 4.80 points; with 3 below and 0 above.
    found = with_recordings(Estimate(7.0, 4.0, 7.0), 0.9, 0.9, recordings=300)
    assert found.value == 7
    assert found.low == pytest.approx(7 - math.hypot(3, 4.801), abs=0.001)
    assert found.high == pytest.approx(7 + 4.801, abs=0.001)

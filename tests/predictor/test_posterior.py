"""The posterior covariance, grown row by row, is that of all points known at once."""

from __future__ import annotations

import numpy as np
import pytest

from spikecast.predictor.models.kernel import matern
from spikecast.predictor.models.posterior import NOISE, Posterior

RANDOM = np.random.default_rng(3)
POINTS, KNOWN = RANDOM.normal(size=(60, 4)), RANDOM.normal(size=(25, 4))
OBSERVED = (7, 31, 2, 58, 7)
WATCHED = np.array([0, 7, 40])


def direct(known: np.ndarray) -> np.ndarray:
    """Posterior covariance of POINTS by the textbook."""
    across = matern(POINTS, known)
    inside = matern(known, known) + NOISE * np.eye(len(known))
    return matern(POINTS, POINTS) - across @ np.linalg.solve(inside, across.T)


def test_observing_is_knowing_from_the_start() -> None:
    posterior = Posterior.at(POINTS, KNOWN, WATCHED)
    for count in range(len(OBSERVED) + 1):
        expected = direct(np.vstack([KNOWN, POINTS[list(OBSERVED[:count])]]))
        assert posterior.variance == pytest.approx(expected.diagonal(), abs=1e-8)
        assert posterior.covariance == pytest.approx(expected[:, WATCHED], abs=1e-8)
        for point in (0, 7, 59):
            assert posterior.covariance_with(point) == pytest.approx(expected[point], abs=1e-8)
        if count < len(OBSERVED):
            posterior = posterior.observing(OBSERVED[count])


def test_the_gain_is_what_observing_lowers() -> None:
    posterior, weights = Posterior.at(POINTS, KNOWN, WATCHED), np.array([0.5, 0.2, 0.3])
    for point in OBSERVED:
        after = posterior.observing(point)
        lowered = weights @ (posterior.variance - after.variance)[WATCHED]
        assert posterior.gain(weights)[point] == pytest.approx(lowered)
        posterior = after


def test_variance_never_grows_and_falls_where_observed() -> None:
    posterior = Posterior.at(POINTS, KNOWN, WATCHED)
    assert ((posterior.variance > 0) & (posterior.variance < 1)).all()
    for point in OBSERVED:
        after = posterior.observing(point)
        assert (after.variance <= posterior.variance + 1e-12).all()
        assert (after.variance > 0).all()
        assert after.variance[point] < NOISE
        posterior = after

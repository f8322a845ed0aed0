"""What a Gaussian process cannot know: its posterior covariance, in which no measured value takes part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.predictor.models.kernel import matern

#: Variance of the noise, in variances of the signal. Bundles do not keep the fitted one: it is 0.001 to 0.017 on the
#: shipped rows, by role of layers. It decides little: of 20 networks suggested, 17 stay the same at 0.001.
NOISE = 0.03


@dataclass(frozen=True)
class Posterior:
    """Posterior covariance of a process at some points, held as a Cholesky factor that grows a row at a time.

    Attributes:
        points: float64[points, features], scaled as the process's own.
        fitted: float64[fitted rows, points]: the prior covariance less ``fitted.T @ fitted`` is what fitting left.
        observed: float64[observations, points], the same of what was observed since.
        variance: float64[points], in variances of the signal: 1 where nothing is known.
        watched: int64[watched], positions of the points that ought to be known.
        covariance: float64[points, watched], of all points with those.
    """

    points: Array
    fitted: Array
    observed: Array
    variance: Array
    watched: NDArray[np.int64]
    covariance: Array

    @classmethod
    def at(cls, points: Array, known: Array, watched: NDArray[np.int64]) -> Self:
        """At scaled points, given a noisy value at each of ``known`` float64[fitted rows, features]."""
        from scipy.linalg import cholesky, solve_triangular

        covariance = matern(known, known)
        covariance[np.diag_indices(len(known))] += NOISE
        root = cholesky(covariance, lower=True, overwrite_a=True)
        fitted = solve_triangular(root, matern(known, points), lower=True, overwrite_b=True)
        return cls(
            points,
            fitted,
            observed=np.empty((0, len(points))),
            variance=1.0 - (fitted**2).sum(axis=0),
            watched=watched,
            covariance=matern(points, points[watched]) - fitted.T @ fitted[:, watched],
        )

    def gain(self, weights: Array) -> Array:
        """float64[points]: how much a noisy value at each would lower the variances of the watched points, summed with
        ``weights`` float64[watched]."""
        lowered: Array = self.covariance**2 @ weights / (self.variance + NOISE)
        return lowered

    def covariance_with(self, point: int) -> Array:
        """float64[points]: posterior covariance of all points with one of them."""
        prior = matern(self.points, self.points[[point]])[:, 0]
        return prior - self.fitted[:, point] @ self.fitted - self.observed[:, point] @ self.observed

    def observing(self, point: int) -> Posterior:
        """The posterior given a further noisy value at one point: a step of a pivoted Cholesky decomposition."""
        row = self.covariance_with(point) / np.sqrt(self.variance[point] + NOISE)
        return replace(
            self,
            observed=np.vstack([self.observed, row]),
            variance=self.variance - row**2,
            covariance=self.covariance - np.outer(row, row[self.watched]),
        )

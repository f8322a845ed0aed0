"""Gaussian process with one length scale per feature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.predictor.models.kernel import factor_from, factor_to, matern, matern_of, matern_of_many, standard_scale
from spikecast.predictor.models.regressor import ArrayFile

#: Rows that the likelihood is taken over; its cost grows with their cube.
_LIKELIHOOD_ROWS = 1200
_ITERATIONS = 60
#: Where the search begins, and its bounds: length scales in standard deviations of their feature, signal and noise in
#: variances of y.
_SCALE, _SCALE_BOUNDS = 3.0, (0.1, 1e3)
_SIGNAL, _SIGNAL_BOUNDS = 4.0, (1e-2, 1e4)
_NOISE, _NOISE_BOUNDS = 0.05, (1e-5, 1.0)
#: Added to the diagonal, so that equal rows leave the matrix invertible.
_JITTER = 1e-10
#: Questions that are answered at once: their kernel stays near the processor.
_BLOCK = 32
#: Questions from which on a compiled kernel pays.
_MANY = 256


@dataclass(frozen=True)
class Kernel:
    """A Matern 3/2 kernel.

    Attributes:
        inverse_scale: float64[features], one over each feature's length scale in the feature's own unit; 0 for a
            feature that never varied.
        noise: variance of the noise, in variances of the signal.
    """

    inverse_scale: Array
    noise: float

    @classmethod
    def likeliest(cls, x: Array, y: Array, rows: int = _LIKELIHOOD_ROWS) -> Self:
        """Length scales, signal and noise of the greatest likelihood over so many rows; seeded.

        scikit-learn's process does the same, but keeps a matrix of all pairs of rows for every feature: on a thousand
        rows and thirty features this is many times as fast.
        """
        from scipy.optimize import minimize

        scale = standard_scale(x)
        used = scale > 0
        points = (x * scale)[:, used]
        chosen = _informative(points, rows)
        points, values = points[chosen], y[chosen]
        values = (values - values.mean()) / (values.std() or 1.0)
        count = points.shape[1]
        start = np.log([*[_SCALE] * count, _SIGNAL, _NOISE])
        bounds = np.log([*[_SCALE_BOUNDS] * count, _SIGNAL_BOUNDS, _NOISE_BOUNDS])
        found = minimize(
            _surprise,
            start,
            (points, values),
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": _ITERATIONS},
        )
        inverse_scale = np.zeros(x.shape[1])
        inverse_scale[used] = scale[used] / np.exp(found.x[:count])
        return cls(inverse_scale, float(np.exp(found.x[count + 1] - found.x[count])))


@dataclass(frozen=True)
class GaussianProcess(ArrayFile):
    """Posterior mean under a Matern 3/2 kernel, evaluated from arrays alone.

    Attributes:
        inverse_scale: float64[features], of the kernel.
        points: float64[points, features], fitted rows times ``inverse_scale``, equal ones once.
        weights: float64[points] or [points, outputs], what the kernel to each point is multiplied with.
        offset: float64[] or [outputs], the mean of y.
    """

    name: ClassVar[str] = "gaussian_process"

    inverse_scale: Array
    points: Array
    weights: Array
    offset: Array

    @classmethod
    def fit(cls, x: Array, y: Array) -> Self:
        """Under the likeliest kernel."""
        return cls.under(Kernel.likeliest(x, y), x, y)

    @classmethod
    def fitter(cls, x: Array, y: Array) -> Callable[[Array, Array], Self]:
        """All parts are fitted under the kernel that is likeliest for the whole."""
        return partial(cls.under, Kernel.likeliest(x, y))

    @classmethod
    def under(cls, kernel: Kernel, x: Array, y: Array) -> Self:
        """Under a given kernel; y float64[rows] or [rows, outputs], all outputs under the same.

        Equal rows, such as the seeds of a configuration, are one point: their mean, with so much less noise.
        """
        from scipy.linalg import cho_factor, cho_solve

        offset = y.mean(axis=0)
        points, point_of, rows = np.unique(x * kernel.inverse_scale, axis=0, return_inverse=True, return_counts=True)
        means = np.zeros((len(points), *y.shape[1:]))
        np.add.at(means, point_of, y - offset)
        means = (means.T / rows).T
        covariance = matern(points, points)
        covariance[np.diag_indices(len(points))] += kernel.noise / rows + _JITTER
        weights = cho_solve(cho_factor(covariance, lower=True, overwrite_a=True), means)
        return cls(kernel.inverse_scale, points, weights, np.asarray(offset))

    @cached_property
    def _to_points(self) -> Array:
        return factor_to(self.points)

    def predict(self, x: Array) -> Array:
        asked, fitted = factor_from(x * self.inverse_scale), self._to_points
        result = np.empty((len(x), *self.weights.shape[1:]))
        to_kernel = matern_of if len(x) < _MANY else matern_of_many
        for start in range(0, len(x), _BLOCK):
            block = slice(start, start + _BLOCK)
            kernel = asked[block] @ fitted
            to_kernel(kernel)
            result[block] = kernel @ self.weights + self.offset
        return result


def _surprise(logs: Array, x: Array, y: Array) -> tuple[float, Array]:
    """Negative log likelihood, and its gradient by the logarithms of length scales, signal and noise."""
    from scipy.linalg.lapack import dpotrf, dpotri

    scales, signal, noise = np.exp(logs[:-2]), np.exp(logs[-2]), np.exp(logs[-1])
    points = x / scales
    shape, fade = matern_of(factor_from(points) @ factor_to(points))
    covariance = signal * shape
    factored = covariance.copy()
    factored[np.diag_indices(len(x))] += noise + _JITTER
    factor, failed = dpotrf(factored, lower=1)
    if failed:
        return 1e25, np.zeros_like(logs)
    inverse = np.tril(dpotri(factor, lower=1)[0])
    inverse += np.tril(inverse, -1).T
    weights = inverse @ y
    surprise = 0.5 * y @ weights + np.log(np.diag(factor)).sum() + 0.5 * len(x) * np.log(2.0 * np.pi)
    slack = np.outer(weights, weights) - inverse
    # By a length scale the kernel changes as 3 * signal * exp(-distance) * (difference / scale)^2. Summed over all
    # pairs, the squared differences are products of matrices.
    pull = 3.0 * signal * slack * fade
    by_scale = (points**2 * pull.sum(axis=1)[:, np.newaxis] - points * (pull @ points)).sum(axis=0)
    gradient = np.array([*-by_scale, -0.5 * (slack * covariance).sum(), -0.5 * noise * np.trace(slack)])
    return float(surprise), gradient


def _informative(points: Array, count: int) -> NDArray[np.int64]:
    """Positions of up to ``count`` points: half far apart, half at random from the others.

    Far points alone leave out most of a grid, and how fast things change within it; random ones alone are nearly all
    of the grid.
    """
    apart = _far_apart(points, count // 2)
    others = np.setdiff1d(np.arange(len(points)), apart)
    return np.concatenate([apart, np.random.default_rng(0).permutation(others)[: count - len(apart)]])


def _far_apart(points: Array, count: int) -> NDArray[np.int64]:
    """Positions of up to ``count`` different points, each as far as can be from those before it.

    Where most rows vary a few features alone, as grids do, a random choice holds few of those that vary the others.
    """
    chosen = np.zeros(min(count, len(points)), dtype=np.int64)
    nearest = np.full(len(points), np.inf)
    for number in range(1, len(chosen)):
        np.minimum(nearest, ((points - points[chosen[number - 1]]) ** 2).sum(axis=1), out=nearest)
        chosen[number] = nearest.argmax()
        if not nearest[chosen[number]]:
            return chosen[:number]
    return chosen

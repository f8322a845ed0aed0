"""Gaussian process with one length scale per feature."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from spikecast.predictor.models.array_file import ArrayFile
from spikecast.predictor.models.regressor import Array
from spikecast.predictor.models.scaling import standard_scale

_SQRT3 = np.sqrt(3.0)


@dataclass(frozen=True)
class GaussianProcess(ArrayFile):
    """Posterior mean under a Matern 3/2 kernel, evaluated from arrays alone.

    Attributes:
        inverse_scale: float64[features], one over each feature's length scale in the feature's own unit.
        points: float64[rows, features], fitted rows times ``inverse_scale``.
        weights: float64[rows], what the kernel to each point is multiplied with.
        offset: the mean of y.
    """

    name: ClassVar[str] = "gaussian_process"

    inverse_scale: Array
    points: Array
    weights: Array
    offset: Array

    @classmethod
    def fit(cls, x: Array, y: Array) -> Self:
        """Length scales, signal and noise by maximum likelihood (scikit-learn), seeded."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

        scale = standard_scale(x)
        used = scale > 0
        scaled = x[:, used] * scale[used]
        kernel = ConstantKernel(4.0, (1e-2, 1e4)) * Matern(np.full(used.sum(), 3.0), (0.1, 1e3), nu=1.5) + WhiteKernel(
            0.05, (1e-5, 1.0)
        )
        process = GaussianProcessRegressor(kernel, normalize_y=True, random_state=0)
        with warnings.catch_warnings():
            # A length scale at its bound is a feature that does not matter.
            warnings.simplefilter("ignore", ConvergenceWarning)
            process.fit(scaled, y)
        signal = process.kernel_.k1
        inverse_scale = np.zeros(x.shape[1])
        inverse_scale[used] = scale[used] / signal.k2.length_scale
        weights = process.alpha_.reshape(-1) * signal.k1.constant_value * process._y_train_std
        return cls(inverse_scale, x * inverse_scale, weights, np.float64(process._y_train_mean))  # type: ignore[arg-type]

    def predict(self, x: Array) -> Array:
        scaled = x * self.inverse_scale
        squared = (
            (scaled**2).sum(axis=1)[:, np.newaxis]
            + (self.points**2).sum(axis=1)[np.newaxis]
            - 2.0 * scaled @ self.points.T
        )
        distance = _SQRT3 * np.sqrt(np.maximum(squared, 0.0))
        kernel = (1.0 + distance) * np.exp(-distance)
        result: Array = kernel @ self.weights + self.offset
        return result

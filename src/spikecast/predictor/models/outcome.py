"""Outcome probabilities: how likely a network ends ok, silent, collapsed or diverged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from spikecast.predictor.models.array_file import ArrayFile
from spikecast.predictor.models.regressor import Array
from spikecast.predictor.models.scaling import standard_scale


@dataclass(frozen=True)
class OutcomeModel(ArrayFile):
    """Logistic regression on features, their squares and products.

    Attributes:
        classes: str[classes], outcomes that were measured.
        centre, scale: float64[features], (x - centre) * scale is standardised.
        weights: float64[classes, terms]; intercept float64[classes].
    """

    name: ClassVar[str] = "logistic"

    classes: NDArray[np.str_]
    centre: Array
    scale: Array
    weights: Array
    intercept: Array

    @classmethod
    def fit(cls, x: Array, outcomes: NDArray[np.str_]) -> Self:
        """Fit on x float64[rows, features] and outcomes str[rows]; one outcome alone is always predicted."""
        from sklearn.linear_model import LogisticRegression

        centre, scale = x.mean(axis=0), standard_scale(x)
        classes = np.unique(outcomes)
        terms = _terms((x - centre) * scale)
        if len(classes) == 1:
            return cls(classes, centre, scale, np.zeros((1, terms.shape[1])), np.zeros(1))
        model = LogisticRegression(C=0.3, max_iter=5000).fit(terms, outcomes)
        weights, intercept = model.coef_, model.intercept_
        if len(classes) == 2:
            # scikit-learn keeps one row for two classes: the first class's score is then zero.
            weights, intercept = np.vstack([0 * weights, weights]), np.array([0.0, intercept[0]])
        return cls(classes, centre, scale, weights, intercept)

    def probabilities(self, x: Array) -> Array:
        """float64[rows, classes], each row adding up to 1."""
        scores = _terms((x - self.centre) * self.scale) @ self.weights.T + self.intercept
        shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
        result: Array = shifted / shifted.sum(axis=1, keepdims=True)
        return result


def _terms(x: Array) -> Array:
    rows, columns = np.triu_indices(x.shape[1])
    return np.hstack([x, x[:, rows] * x[:, columns]])

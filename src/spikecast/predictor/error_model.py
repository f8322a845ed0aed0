"""How wrong a model is likely to be, by what is asked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spikecast.predictor.crossval import out_of_fold
from spikecast.predictor.models import BoostedTrees

Array = NDArray[np.float64]

#: Errors below this are counted as it: a row that was met by chance says nothing of the next.
SMALLEST = 1e-3
#: Few and small trees: single errors are mostly noise.
_ROUNDS, _DEPTH = 40, 3


def log_errors(residuals: Array) -> Array:
    """What an error model learns from residuals of held-out rows."""
    return np.log(np.maximum(np.abs(residuals), SMALLEST))


def fit_error(x: Array, logs: Array) -> BoostedTrees:
    """Features -> logarithm of the size of an error, up to a constant that conformal intervals take care of."""
    return BoostedTrees.fit(x, logs, rounds=_ROUNDS, depth=_DEPTH)


def held_out_error(x: Array, logs: Array, groups: NDArray[np.str_]) -> Array:
    """The size of every row's error, as an error model says that never saw the row's configuration."""
    return np.exp(out_of_fold(lambda x_fit, y_fit, asked: fit_error(x_fit, y_fit).predict(asked), x, logs, groups))

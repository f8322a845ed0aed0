"""How wrong a model is likely to be, by what is asked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spikecast.predictor.models import BoostedTrees

Array = NDArray[np.float64]

#: Errors below this are counted as it: a row that was met by chance says nothing of the next.
_SMALLEST = 1e-3
#: Few and small trees: single errors are mostly noise.
_ROUNDS, _DEPTH = 80, 3


def log_errors(residuals: Array) -> Array:
    """What an error model learns from residuals of held-out rows."""
    return np.log(np.maximum(np.abs(residuals), _SMALLEST))


def fit_error(x: Array, logs: Array) -> BoostedTrees:
    """Features -> logarithm of the size of an error, up to a constant that conformal intervals take care of."""
    return BoostedTrees.fit(x, logs, rounds=_ROUNDS, depth=_DEPTH)

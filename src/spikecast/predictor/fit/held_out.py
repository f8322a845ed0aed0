"""Cross-validation by configuration, whose seeds are held out together, and models of the errors that it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import scipy.linalg  # noqa: F401
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from spikecast._util.arrays import Array
from spikecast.predictor.models import BoostedTrees
from spikecast.predictor.targets import SMALLEST_ERROR

#: Parts that configurations are held out in.
FOLDS = 10
#: Trees of an error model: few and small ones, since single errors are mostly noise.
_ROUNDS, _DEPTH = 40, 3


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit linear algebra inside to one thread: its sums then have one order, however many processes there are."""
    # Only libraries that are loaded can be limited, which is why scipy, with linear algebra of its own, is imported.
    with threadpool_limits(1):
        yield


def folds(groups: NDArray[np.str_]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """(fitting rows, held-out rows) of each fold; the same groups give the same folds, in any row order."""
    names = np.unique(groups)
    count = min(FOLDS, len(names))
    fold_of = dict(zip(np.random.default_rng(0).permutation(names), np.arange(len(names)) % count, strict=True))
    fold = np.array([fold_of[group] for group in groups])
    for number in range(count):
        yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)


def out_of_fold(
    fit_predict: Callable[[Array, Array, Array], Array], x: Array, y: Array, groups: NDArray[np.str_]
) -> Array:
    """Predict every row by a model that never saw its configuration.

    Args:
        fit_predict: (x to fit, y to fit, x held out) -> predictions for the held-out rows.
        x: float64[rows, features].
        y: float64[rows] or [rows, columns].
        groups: str[rows], configuration of each row.
    """
    predicted = np.empty_like(y)
    for fitting, held_out in folds(groups):
        predicted[held_out] = fit_predict(x[fitting], y[fitting], x[held_out])
    return predicted


def log_errors(residuals: Array) -> Array:
    """What an error model learns from residuals of held-out rows."""
    return np.log(np.maximum(np.abs(residuals), SMALLEST_ERROR))


def fit_error(x: Array, logs: Array) -> BoostedTrees:
    """Features -> logarithm of the size of an error, up to a constant that conformal intervals take care of."""
    return BoostedTrees.fit(x, logs, rounds=_ROUNDS, depth=_DEPTH)


def held_out_error(x: Array, logs: Array, groups: NDArray[np.str_]) -> Array:
    """The size of every row's error, as an error model says that never saw the row's configuration."""
    return np.exp(out_of_fold(lambda x_fit, y_fit, asked: fit_error(x_fit, y_fit).predict(asked), x, logs, groups))

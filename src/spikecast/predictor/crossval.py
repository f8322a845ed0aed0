"""Cross-validation by configuration: all seeds of one configuration are held out together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FOLDS = 10


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

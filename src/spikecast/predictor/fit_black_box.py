"""Let regressors straight from the choices compete for one target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikecast.predictor.black_box import BlackBox
from spikecast.predictor.candidates import CANDIDATES, Candidate
from spikecast.predictor.crossval import out_of_fold
from spikecast.predictor.error_model import fit_error, held_out_error, log_errors
from spikecast.predictor.features import column_indices
from spikecast.predictor.metrics import headline, scores
from spikecast.predictor.models import Regressor
from spikecast.predictor.one_thread import one_thread
from spikecast.predictor.targets import Target

Array = NDArray[np.float64]


@dataclass(frozen=True)
class FittedBlackBox:
    """The best regressor, and what models that never saw a row's configuration say of it.

    Attributes:
        model: the best, fitted on all rows.
        deviations: float64[rows], how wrong the best is likely to be, on the learning scale, out of fold.
        held_out: float64[rows] by candidate and baseline, on the learning scale.
    """

    model: BlackBox
    deviations: Array
    held_out: Mapping[str, Array]


def fit_black_box(
    target: Target, x: Array, measured: Array, groups: NDArray[np.str_], competing: Mapping[str, Candidate]
) -> FittedBlackBox:
    """Choose by cross-validation, fit on all rows.

    Args:
        target: what to predict.
        x: ``feature_matrix`` of the rows.
        measured: float64[rows], in the target's unit.
        groups: configuration of each row.
        competing: candidates, of which one becomes the model, and baselines, which are only compared with.
    """
    with one_thread():
        y = target.forward(measured)
        fits = {name: one.model.fitter(_given(one, x), y) for name, one in competing.items()}
        held_out = {name: _held_out(one, fits[name], x, y, groups) for name, one in competing.items()}
        best = min(
            (name for name in competing if name in CANDIDATES),
            key=lambda name: scores(target, measured, target.inverse(held_out[name]))[headline(target)],
        )
        logs = log_errors(y - held_out[best])
        model = BlackBox(fits[best](_given(CANDIDATES[best], x), y), CANDIDATES[best].columns, fit_error(x, logs))
        return FittedBlackBox(model, held_out_error(x, logs, groups), held_out)


def _given(candidate: Candidate, x: Array) -> Array:
    return x[:, column_indices(candidate.columns)]


def _held_out(
    candidate: Candidate, fit: Callable[[Array, Array], Regressor], x: Array, y: Array, groups: NDArray[np.str_]
) -> Array:
    def predicted(x_fit: Array, y_fit: Array, asked: Array) -> Array:
        return fit(x_fit, y_fit).predict(asked)

    return out_of_fold(predicted, _given(candidate, x), y, groups)

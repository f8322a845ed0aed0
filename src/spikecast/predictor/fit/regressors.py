"""The regressors that compete for a target, and the baselines that they must beat.

Let regressors straight from the choices compete for one target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.predictor.features import BARE_FEATURES, FEATURE_NAMES, SMOOTH_FEATURES, column_indices
from spikecast.predictor.fit.held_out import fit_error, held_out_error, log_errors, one_thread, out_of_fold
from spikecast.predictor.models import BoostedTrees, GaussianProcess, Linear, Mean, NearestNeighbor, Regressor
from spikecast.predictor.parts import BlackBox
from spikecast.predictor.scores import headline, scores
from spikecast.predictor.targets import BLACK_BOX_TARGETS, Target


@dataclass(frozen=True)
class Candidate:
    """A kind of model and the features it is given."""

    model: type[Regressor]
    columns: tuple[str, ...]


CANDIDATES = {
    "linear": Candidate(Linear, FEATURE_NAMES),
    # Distances need no category columns: families meet where their numbers do.
    "gaussian_process": Candidate(GaussianProcess, SMOOTH_FEATURES),
    "boosted_trees": Candidate(BoostedTrees, FEATURE_NAMES),
}
#: The linear baseline sees the bare choices alone: what a spreadsheet would do.
BASELINES = {
    "baseline_mean": Candidate(Mean, BARE_FEATURES),
    "baseline_linear": Candidate(Linear, BARE_FEATURES),
    "baseline_nearest": Candidate(NearestNeighbor, SMOOTH_FEATURES),
}

#: By target, what competes with the grey box for it.
COMPETING: Mapping[str, Mapping[str, Candidate]] = dict.fromkeys(BLACK_BOX_TARGETS, CANDIDATES | BASELINES)


def competing_as(models: Mapping[str, str]) -> Mapping[str, Mapping[str, Candidate]]:
    """Of all that compete only those that won before; ``models`` names each target's."""
    return {name: {model: CANDIDATES[model]} for name, model in models.items() if model in CANDIDATES}


def latency_by_operations(operations: Array, latency: Array, asked: Array) -> Array:
    """The usual proxy, a baseline: latency as a power of the synaptic operations.

    Args:
        operations, latency: float64[rows], measured, on their learning scales.
        asked: float64[questions], expected operations.

    Returns:
        float64[questions], latency on its learning scale.
    """
    return Linear.fit(operations[:, np.newaxis], latency).predict(asked[:, np.newaxis])


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

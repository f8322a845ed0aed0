"""Models straight from the choices: regressors that compete for a target beside baselines, and the outcome model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.predictor.features import BARE_FEATURES, FEATURE_NAMES, SMOOTH_FEATURES, column_indices
from spikecast.predictor.fit.held_out import fit_error, held_out_error, log_errors, one_thread, out_of_fold
from spikecast.predictor.fit.learned_rows import LearnedRows
from spikecast.predictor.models import (
    BoostedTrees,
    GaussianProcess,
    Linear,
    Mean,
    NearestNeighbor,
    OutcomeModel,
    Regressor,
)
from spikecast.predictor.parts import BlackBox
from spikecast.predictor.scores import headline, outcome_scores, scores
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

#: By target, what competes for it with what follows from the spikes.
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
        given = {name: x[:, column_indices(candidate.columns)] for name, candidate in competing.items()}
        fits = {name: candidate.model.fitter(given[name], y) for name, candidate in competing.items()}
        held_out = {name: _held_out(fits[name], given[name], y, groups) for name in competing}
        best = min(
            (name for name in competing if name in CANDIDATES),
            key=lambda name: scores(target, measured, target.inverse(held_out[name]))[headline(target)],
        )
        logs = log_errors(y - held_out[best])
        model = BlackBox(fits[best](given[best], y), CANDIDATES[best].columns, fit_error(x, logs))
        return FittedBlackBox(model, held_out_error(x, logs, groups), held_out)


def _held_out(fit: Callable[[Array, Array], Regressor], x: Array, y: Array, groups: NDArray[np.str_]) -> Array:
    def predicted(x_fit: Array, y_fit: Array, asked: Array) -> Array:
        return fit(x_fit, y_fit).predict(asked)

    return out_of_fold(predicted, x, y, groups)


def fit_outcome(learned: LearnedRows) -> tuple[OutcomeModel, dict[str, Any]]:
    """Fit the outcome model on rows of any status but ``failed``.

    Returns:
        The model, and its entry of a manifest: its scores out of fold, and those of the outcomes' shares alone.
    """
    outcomes = learned.rows["status"].to_numpy(dtype=str)
    classes = np.unique(outcomes)
    truth = (outcomes[:, np.newaxis] == classes[np.newaxis]).astype(np.float64)

    def by_model(x_fit: Array, truth_fit: Array, asked: Array) -> Array:
        model = OutcomeModel.fit(x_fit, classes[truth_fit.argmax(axis=1)])
        probabilities = np.zeros((len(asked), len(classes)))
        probabilities[:, np.searchsorted(classes, model.classes)] = model.probabilities(asked)
        return probabilities

    def by_shares(_x_fit: Array, truth_fit: Array, asked: Array) -> Array:
        return np.tile(truth_fit.mean(axis=0), (len(asked), 1))

    guess, shares = (out_of_fold(predict, learned.x, truth, learned.groups) for predict in (by_model, by_shares))
    entry = {
        "model": OutcomeModel.name,
        "classes": classes.tolist(),
        "cross_validation": outcome_scores(truth, guess)
        | {f"baseline_{name}": score for name, score in outcome_scores(truth, shares).items()},
    }
    return OutcomeModel.fit(learned.x, outcomes), entry

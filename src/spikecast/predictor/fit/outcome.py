"""Fit the outcome model, and say how good it is beside the outcomes' shares alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.predictor.fit.held_out import out_of_fold
from spikecast.predictor.models import OutcomeModel


def fit_outcome(x: Array, rows: pd.DataFrame) -> tuple[OutcomeModel, dict[str, Any]]:
    """Fit on rows of any status but ``failed``; x is their ``feature_matrix``. Returns model and manifest entry."""
    outcomes, groups = rows["status"].to_numpy(dtype=str), rows["config_key"].to_numpy(dtype=str)
    classes = np.unique(outcomes)
    truth = (outcomes[:, np.newaxis] == classes[np.newaxis]).astype(np.float64)

    def by_model(x_fit: Array, truth_fit: Array, asked: Array) -> Array:
        model = OutcomeModel.fit(x_fit, classes[truth_fit.argmax(axis=1)])
        probabilities = np.zeros((len(asked), len(classes)))
        probabilities[:, np.searchsorted(classes, model.classes)] = model.probabilities(asked)
        return probabilities

    def by_shares(_x_fit: Array, truth_fit: Array, asked: Array) -> Array:
        return np.tile(truth_fit.mean(axis=0), (len(asked), 1))

    guess, shares = (out_of_fold(predict, x, truth, groups) for predict in (by_model, by_shares))
    entry = {
        "model": OutcomeModel.name,
        "classes": classes.tolist(),
        "cross_validation": outcome_scores(truth, guess)
        | {f"baseline_{name}": score for name, score in outcome_scores(truth, shares).items()},
    }
    return OutcomeModel.fit(x, outcomes), entry


def outcome_scores(truth: Array, probability: Array) -> dict[str, float]:
    """Scores of outcome probabilities.

    Args:
        truth: float64[rows, classes], 1 where the row ended so, else 0.
        probability: float64[rows, classes].

    Returns:
        ``log_loss``; ``right``, the share of rows whose likeliest outcome is the true one; ``f1``, mean over classes
        that occur or were guessed; ``calibration_error``, mean over classes of the distance between a class's
        probability and how often it came true, over ten equal parts of the rows. A row of no class counts as missed.
    """
    given = np.clip((truth * probability).sum(axis=1), 1e-6, 1.0)
    guess = np.eye(truth.shape[1])[probability.argmax(axis=1)]
    of_classes = zip(truth.T > 0, guess.T > 0, strict=True)
    return {
        "log_loss": -float(np.log(given).mean()),
        "right": float((truth * guess).sum(axis=1).mean()),
        "f1": float(np.mean([_f1(true, guessed) for true, guessed in of_classes if (true | guessed).any()])),
        "calibration_error": float(
            np.mean([_calibration_error(truth[:, number], probability[:, number]) for number in range(truth.shape[1])])
        ),
    }


def _f1(true: NDArray[np.bool_], guess: NDArray[np.bool_]) -> float:
    found = int((true & guess).sum())
    return 2.0 * found / int(true.sum() + guess.sum())


def _calibration_error(came_true: Array, probability: Array) -> float:
    bins = np.array_split(np.argsort(probability, kind="stable"), min(10, len(probability)))
    return float(
        sum(len(rows) * abs(came_true[rows].mean() - probability[rows].mean()) for rows in bins) / len(probability)
    )

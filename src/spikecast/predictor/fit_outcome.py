"""Fit the outcome model, and say how good it is beside the outcomes' shares alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spikecast.predictor.crossval import out_of_fold
from spikecast.predictor.features import SMOOTH_FEATURES, column_indices
from spikecast.predictor.fit_target import Array, features_of
from spikecast.predictor.models import OutcomeModel

FILE = "outcome.npz"


def fit_outcome(train: pd.DataFrame, folder: Path) -> dict[str, Any]:
    """Fit on all rows whose trial did not fail, save to ``folder``; returns the manifest entry."""
    x, groups = features_of(train)[:, column_indices(SMOOTH_FEATURES)], train["config_key"].to_numpy(dtype=str)
    outcomes = train["status"].to_numpy(dtype=str)
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
    OutcomeModel.fit(x, outcomes).save(folder / FILE)
    return {
        "model": OutcomeModel.name,
        "columns": list(SMOOTH_FEATURES),
        "file": FILE,
        "classes": classes.tolist(),
        "cross_validation": {
            "log_loss": _log_loss(truth, guess),
            "right": _right(truth, guess),
            "baseline_log_loss": _log_loss(truth, shares),
            "baseline_right": _right(truth, shares),
        },
    }


def _log_loss(truth: Array, probability: Array) -> float:
    given = np.clip((truth * probability).sum(axis=1), 1e-6, 1.0)
    return -float(np.log(given).mean())


def _right(truth: Array, probability: Array) -> float:
    """Share of rows whose likeliest outcome is the true one."""
    return float((probability.argmax(axis=1) == truth.argmax(axis=1)).mean())

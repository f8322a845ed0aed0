"""Fit one target: let the candidates compete, keep the best, say how good it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast.predictor.candidates import BASELINES, CANDIDATES, Candidate
from spikecast.predictor.conformal import COVERAGE, half_width
from spikecast.predictor.crossval import out_of_fold
from spikecast.predictor.features import column_indices, feature_matrix
from spikecast.predictor.metrics import headline, scores
from spikecast.predictor.models import Regressor
from spikecast.predictor.seed_spread import seed_spread
from spikecast.predictor.targets import Target
from spikecast.rows import choices_of

Array = NDArray[np.float64]


def fit_target(target: Target, fitted: pd.DataFrame, test: pd.DataFrame, folder: Path) -> dict[str, Any]:
    """Choose by cross-validation, fit on all rows, save to ``folder``; returns the target's manifest entry.

    Args:
        target: what to predict.
        fitted: ok rows to fit on.
        test: ok rows that fitting never sees; may be empty.
        folder: where the model's file goes.
    """
    x, groups = features_of(fitted), fitted["config_key"].to_numpy(dtype=str)
    measured = fitted[target.name].to_numpy(dtype=np.float64)
    learned = target.forward(measured)
    held_out = {name: _held_out(candidate, x, learned, groups) for name, candidate in CANDIDATES.items()}
    compared = {name: scores(target, measured, target.inverse(guess)) for name, guess in held_out.items()}
    best = min(compared, key=lambda name: compared[name][headline(target)])
    model = CANDIDATES[best].model.fit(_given(CANDIDATES[best], x), learned)
    file = f"{target.name}.{model.suffix}"
    model.save(folder / file)
    width = half_width(learned - held_out[best])
    return {
        "scale": target.scale,
        "model": best,
        "columns": list(CANDIDATES[best].columns),
        "file": file,
        "half_width": width,
        "spread": [float(np.quantile(measured, q)) for q in ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2)],
        "cross_validation": {
            "models": compared,
            "baselines": {
                name: scores(target, measured, target.inverse(_held_out(baseline, x, learned, groups)))
                for name, baseline in BASELINES.items()
            },
            "seed_spread": seed_spread(fitted, target),
        },
        "test": _test_scores(target, CANDIDATES[best], model, width, test),
    }


def features_of(rows: pd.DataFrame) -> Array:
    """float64[rows, features]."""
    return feature_matrix([choices_of(row) for row in rows.to_dict("records")])


def _given(candidate: Candidate, x: Array) -> Array:
    return x[:, column_indices(candidate.columns)]


def _held_out(candidate: Candidate, x: Array, learned: Array, groups: NDArray[np.str_]) -> Array:
    def fit_predict(x_fit: Array, y_fit: Array, asked: Array) -> Array:
        return candidate.model.fit(x_fit, y_fit).predict(asked)

    return out_of_fold(fit_predict, _given(candidate, x), learned, groups)


def _test_scores(
    target: Target, candidate: Candidate, model: Regressor, width: float, test: pd.DataFrame
) -> dict[str, float]:
    """Scores on the configurations kept aside, with the share of values inside their intervals."""
    if test.empty:
        return {}
    measured = test[target.name].to_numpy(dtype=np.float64)
    learned = model.predict(_given(candidate, features_of(test)))
    covered = np.abs(target.forward(measured) - learned) <= width
    return {
        "rows": len(test),
        **scores(target, measured, target.inverse(learned)),
        "interval_coverage": float(covered.mean()),
    }

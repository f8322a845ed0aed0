"""How good predictions are: errors in the units of what was measured, scores of outcomes, and the seeds' own noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.predictor.targets import Target


def mean_absolute_error(measured: Array, predicted: Array) -> float:
    """In the unit of what was measured."""
    return float(np.abs(predicted - measured).mean())


def mean_absolute_percentage_error(measured: Array, predicted: Array) -> float:
    """In percent of the measured value."""
    return float(100.0 * np.abs(predicted / measured - 1.0).mean())


def share_within(measured: Array, predicted: Array, percent: float) -> float:
    """Share of predictions, 0..1, that lie within ``percent`` of the measured value."""
    return float((np.abs(predicted / measured - 1.0) <= percent / 100.0).mean())


def spearman(measured: Array, predicted: Array) -> float:
    """Rank correlation; 0 where the predictions are all alike."""
    from scipy.stats import rankdata

    if np.ptp(measured) == 0 or np.ptp(predicted) == 0:
        return 0.0
    return float(np.corrcoef(rankdata(measured), rankdata(predicted))[0, 1])


def r_squared(measured: Array, predicted: Array) -> float:
    """Share of the variance that is explained; 0 where the measured values are all alike."""
    squares = float(((measured - measured.mean()) ** 2).sum())
    return 1.0 - float(((measured - predicted) ** 2).sum()) / squares if squares else 0.0


def scores(target: Target, measured: Array, predicted: Array) -> dict[str, float]:
    """All metrics that fit a target: relative ones for latency, absolute ones for shares."""
    common = {"spearman": spearman(measured, predicted), "r2": r_squared(measured, predicted)}
    if target.scale == "log":
        return {
            "mape_percent": mean_absolute_percentage_error(measured, predicted),
            "within_5_percent": share_within(measured, predicted, 5.0),
            "within_10_percent": share_within(measured, predicted, 10.0),
            **common,
        }
    return {"mae": mean_absolute_error(measured, predicted), **common}


def headline(target: Target) -> str:
    """The metric by which models are chosen: the lower the better."""
    return "mape_percent" if target.scale == "log" else "mae"


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


def seed_spread(rows: pd.DataFrame, target: Target) -> dict[str, float]:
    """The target's metrics when every seed is predicted by the mean of its configuration's other seeds.

    That mean has noise of its own, of two seeds as much as the one that it predicts: what no predictor can beat is
    less, of many seeds a little, of two by a factor of 1.4.

    Args:
        rows: rows with columns ``config_key`` and the target's; configurations with one row are left out.

    Returns:
        The metrics, and ``configurations`` and ``rows`` that they rest on; only these two if there are none.
    """
    seeds = rows.groupby("config_key")[target.name]
    count = seeds.transform("size").to_numpy()
    several = count > 1
    found = {"configurations": int(rows["config_key"][several].nunique()), "rows": int(several.sum())}
    if not several.any():
        return {**found}
    measured = rows[target.name].to_numpy(dtype=np.float64)[several]
    total = seeds.transform("sum").to_numpy(dtype=np.float64)[several]
    others = (total - measured) / (count[several] - 1)
    return {**scores(target, measured, others), **found}

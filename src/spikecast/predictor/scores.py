"""Errors of predictions, in the units of what was measured.

The noise between seeds: how far one lies from the mean of its configuration's other seeds.

That mean has noise of its own, of two seeds as much as the one that it predicts: what no predictor can beat is less, of
many seeds a little, of two by a factor of 1.4."""

from __future__ import annotations

import numpy as np
import pandas as pd

from spikecast._util.arrays import Array
from spikecast.predictor.targets import Target


def mean_absolute_error(measured: Array, predicted: Array) -> float:
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
    spread = float(((measured - measured.mean()) ** 2).sum())
    return 1.0 - float(((measured - predicted) ** 2).sum()) / spread if spread else 0.0


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


def seed_spread(rows: pd.DataFrame, target: Target) -> dict[str, float]:
    """The target's metrics when every seed is predicted by the mean of its other seeds.

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

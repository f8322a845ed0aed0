"""The noise between seeds: how far one lies from the mean of its configuration's other seeds.

That mean has noise of its own, of two seeds as much as the one that it predicts: what no predictor can beat is less, of
many seeds a little, of two by a factor of 1.4.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from spikecast.predictor.metrics import scores
from spikecast.predictor.targets import Target


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

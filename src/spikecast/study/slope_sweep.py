"""The slope sweep among the rows: what the surrogate and its slope do, all else equal."""

from __future__ import annotations

import pandas as pd

from spikecast.study.contexts import alike, is_usual
from spikecast.surrogates import SURROGATES

#: Fewest slopes that make a curve.
FEWEST_SLOPES = 4
_CURVE = ["surrogate", "neuron"]


def slope_sweep(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of one sweep, with the most configurations, of the default data set and network if there is one of it;
    none if there is no sweep.

    A sweep is a group of rows alike in everything but surrogate, slope, neuron and seed, with two curves or more that
    have an ok row. A curve is one surrogate with one neuron and FEWEST_SLOPES slopes or more; a surrogate without a
    slope is a point beside them.
    """
    groups = alike(rows, *_CURVE, "slope", fewest=2 * FEWEST_SLOPES)
    sweeps = (sweep for sweep in map(_curves, groups) if len(sweep))
    return max(sweeps, key=lambda sweep: (is_usual(sweep), sweep["config_key"].nunique()), default=rows.head(0))


def _curves(group: pd.DataFrame) -> pd.DataFrame:
    curve = group.groupby(_CURVE)["slope"].transform("nunique") >= FEWEST_SLOPES
    if len(group.loc[curve & (group["status"] == "ok"), _CURVE].drop_duplicates()) < 2:
        return group.head(0)
    return group[curve | ~group["surrogate"].map(lambda name: SURROGATES[name].has_slope)]

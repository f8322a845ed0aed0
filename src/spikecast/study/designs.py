"""Parts of the rows that vary little at once: grids of beta and threshold, and the sweep of slopes."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from spikecast.neurons import NEURONS
from spikecast.study.contexts import STUDIED, alike, is_usual
from spikecast.surrogates import SURROGATES

#: Fewest betas, and fewest thresholds, of a grid.
FEWEST_LINES = 4
#: Fewest slopes that make a curve.
FEWEST_SLOPES = 4
_CURVE = ["surrogate", "neuron"]


@dataclass(frozen=True)
class NeuronGrid:
    """Rows alike in everything but beta, threshold and seed, that fill a grid."""

    neuron: str
    surrogate: str
    slope: float
    alpha: float
    rows: pd.DataFrame


def neuron_grids(rows: pd.DataFrame) -> list[NeuronGrid]:
    """The grids among rows alike in everything but neuron, alpha, beta, threshold, surrogate, slope and seed.

    Of several such groups the one with the most rows in grids, of the default data set and network if there is one.

    Returns:
        All grids of FEWEST_LINES betas x thresholds or more with an ok row, by neuron, surrogate, slope and alpha.
    """
    found = map(_grids, alike(rows, *STUDIED, fewest=FEWEST_LINES**2))
    return max(
        (grids for grids in found if grids),
        key=lambda grids: (is_usual(grids[0].rows), sum(len(grid.rows) for grid in grids)),
        default=[],
    )


def _grids(rows: pd.DataFrame) -> list[NeuronGrid]:
    grids = []
    for group in alike(rows, "beta", "threshold", fewest=FEWEST_LINES**2):
        filled = _filled(group)
        lines = min(filled["beta"].nunique(), filled["threshold"].nunique())
        if lines >= FEWEST_LINES and (filled["status"] == "ok").any():
            first = filled.iloc[0]
            grids.append(NeuronGrid(first["neuron"], first["surrogate"], first["slope"], first["alpha"], filled))
    return sorted(grids, key=lambda grid: (NEURONS.index(grid.neuron), grid.surrogate, grid.slope, grid.alpha))


def _filled(group: pd.DataFrame) -> pd.DataFrame:
    """The rows left when betas and thresholds that miss half of the others are dropped, the emptiest first."""
    while not group.empty:
        cells = pd.crosstab(group["beta"], group["threshold"]) > 0
        filled = {"beta": cells.mean(axis=1), "threshold": cells.mean(axis=0)}
        line = min(filled, key=lambda name: filled[name].min())
        if filled[line].min() > 0.5:
            break
        group = group[group[line] != filled[line].idxmin()]
    return group


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

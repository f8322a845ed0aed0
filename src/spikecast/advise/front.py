"""A few of a Pareto front's rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def spread(table: pd.DataFrame, cost: pd.Series[float], count: int) -> pd.DataFrame:
    """At most ``count`` rows of a front, its ends among them, at about equal steps along it.

    A step counts what it gains of the front's range of accuracy and of its range of cost, in logarithm.
    """
    if len(table) <= count:
        return table
    steps = [np.abs(np.diff(axis)) / np.ptp(axis) for axis in (table["accuracy"].to_numpy(), np.log(cost.to_numpy()))]
    way = np.concatenate([[0.0], np.hypot(*steps).cumsum()])
    nearest = np.abs(way[:, np.newaxis] - np.linspace(0.0, way[-1], count)).argmin(axis=0)
    return table.iloc[np.unique(nearest)]

"""The Pareto front: rows that no other beats in accuracy without costing more.

A few of a Pareto front's rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def front(table: pd.DataFrame, cost: pd.Series[float]) -> pd.DataFrame:
    """The rows for which none is as accurate or more at less cost, or costs as little or less and is more accurate.

    Args:
        table: a column ``accuracy``, more is better.
        cost: of every row, less is better.

    Returns:
        The front by rising cost, and so by rising accuracy; of equal rows the first.
    """
    ordered = table.assign(cost=cost).sort_values(["cost", "accuracy"], ascending=[True, False], kind="stable")
    best_before = ordered["accuracy"].cummax().shift(fill_value=-1.0)
    return table.loc[ordered.index[ordered["accuracy"] > best_before]]


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

"""The Pareto front: rows that no other beats in accuracy without costing more."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

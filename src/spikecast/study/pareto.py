"""The Pareto front: configurations that no other beats in accuracy without more latency."""

from __future__ import annotations

import pandas as pd


def pareto_front(table: pd.DataFrame) -> pd.DataFrame:
    """The rows for which no row is as accurate or more at lower latency, or as fast or faster and more accurate.

    Args:
        table: columns ``accuracy`` (more is better) and ``latency_cycles`` (less is better); no NaN.

    Returns:
        The front by rising latency, and so by rising accuracy; of equal rows the first.
    """
    ordered = table.sort_values(["latency_cycles", "accuracy"], ascending=[True, False], kind="stable")
    best_before = ordered["accuracy"].cummax().shift(fill_value=-1.0)
    return ordered[ordered["accuracy"] > best_before]

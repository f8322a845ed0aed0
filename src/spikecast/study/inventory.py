"""What the data are: counts, seeds and hours."""

from __future__ import annotations

import pandas as pd

from spikecast.rows import STATUSES


def inventory(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per data set and architecture, the largest first.

    Columns: ``dataset``, ``architecture``, ``rows``, ``configurations``, ``several_seeds`` (configurations with more
    than one), one count per status, ``best_accuracy`` (0..1, one row), ``core_hours`` (training and simulation).
    """
    network = ["dataset", "architecture"]
    groups = rows.assign(core_hours=core_hours(rows)).groupby(network)
    table = groups.agg(
        rows=("key", "size"),
        configurations=("config_key", "nunique"),
        best_accuracy=("accuracy", "max"),
        core_hours=("core_hours", "sum"),
    )
    seeds = rows.groupby([*network, "config_key"]).size()
    table["several_seeds"] = (seeds > 1).groupby(network).sum()
    counts = pd.crosstab([rows[name] for name in network], rows["status"])
    table = table.join(counts.reindex(columns=list(STATUSES), fill_value=0))
    return table.reset_index().sort_values(["rows", *network], ascending=[False, True, True])


def core_hours(rows: pd.DataFrame) -> pd.Series[float]:
    """Hours that each row kept one core busy; 0 where it was not timed."""
    return (rows["train_seconds"].fillna(0) + rows["simulate_seconds"].fillna(0)) / 3600

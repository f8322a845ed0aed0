"""What the data are: rows, seeds, hours, outcomes, and the sparsity of layers."""

from __future__ import annotations

import pandas as pd

from spikecast.rows import STATUSES
from spikecast.study.tables import layer_columns

#: Accuracy, as a multiple of guessing, up to which an ok network knows next to nothing.
CHANCE_MULTIPLE = 1.5
#: Quantiles beside the median.
LOW, HIGH = 0.05, 0.95


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


def outcome_counts(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Rows by ``by`` and status: int, indexed by the choices, one column per status in the order of STATUSES."""
    return pd.crosstab([rows[name] for name in by], rows["status"]).reindex(columns=list(STATUSES), fill_value=0)


def near_chance(rows: pd.DataFrame, classes: int) -> int:
    """How many ok rows have an accuracy of CHANCE_MULTIPLE times guessing or less."""
    return int(((rows["status"] == "ok") & (rows["accuracy"] <= CHANCE_MULTIPLE / classes)).sum())


def layer_sparsity(table: pd.DataFrame) -> pd.DataFrame:
    """Median, LOW and HIGH quantile of every layer's sparsity, 0..1.

    Args:
        table: ok configurations of one architecture; columns ``sparsity_<layer>``.

    Returns:
        Columns ``layer``, ``median``, ``low``, ``high``, in the order of the layers.
    """
    measured = [name for name in layer_columns(table) if table[name].notna().any()]
    quantiles = table[measured].quantile([LOW, 0.5, HIGH])
    return pd.DataFrame(
        {
            "layer": [name.removeprefix("sparsity_") for name in measured],
            "median": quantiles.loc[0.5].to_numpy(),
            "low": quantiles.loc[LOW].to_numpy(),
            "high": quantiles.loc[HIGH].to_numpy(),
        }
    )

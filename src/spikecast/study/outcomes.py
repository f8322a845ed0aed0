"""What became of networks: counts of every status, by choices."""

from __future__ import annotations

import pandas as pd

from spikecast.rows import STATUSES

#: Accuracy, as a multiple of guessing, up to which an ok network knows next to nothing.
CHANCE_MULTIPLE = 1.5


def outcome_counts(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Rows by ``by`` and status: int, indexed by the choices, one column per status in the order of STATUSES."""
    return pd.crosstab([rows[name] for name in by], rows["status"]).reindex(columns=list(STATUSES), fill_value=0)


def near_chance(rows: pd.DataFrame, classes: int) -> int:
    """How many ok rows have an accuracy of CHANCE_MULTIPLE times guessing or less."""
    return int(((rows["status"] == "ok") & (rows["accuracy"] <= CHANCE_MULTIPLE / classes)).sum())

"""Orders of rows that keep the seeds of a configuration together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def shuffled(rows: pd.DataFrame) -> pd.DataFrame:
    """Configurations in a random order that is always the same, the seeds of each together."""
    return in_order(rows, random_order(rows, 0))


def random_order(rows: pd.DataFrame, start: int) -> list[str]:
    """All configurations in a random order; the same ``start``, the same order."""
    return list(np.random.default_rng(start).permutation(np.sort(rows["config_key"].unique())))


def in_order(rows: pd.DataFrame, configurations: Sequence[str]) -> pd.DataFrame:
    """The rows of some configurations in an order of these, the seeds of each together, by key."""
    place = {name: number for number, name in enumerate(configurations)}
    return rows[rows["config_key"].isin(place)].sort_values(
        ["config_key", "key"], key=lambda column: column.map(place) if column.name == "config_key" else column
    )


def by_key(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as a fit takes them."""
    return rows.sort_values("key", ignore_index=True)

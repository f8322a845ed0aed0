"""How many rows a figure does not show."""

from __future__ import annotations

import pandas as pd

from spikecast.rows import STATUSES


def left_out(rows: pd.DataFrame, drawn: pd.Series[bool]) -> str:
    """Of ``rows``, how many are not ``drawn``, by status; a sentence."""
    absent = rows.loc[~drawn, "status"].value_counts()
    if absent.empty:
        return f"All {len(rows):,} rows are in it."
    kinds = ", ".join(f"{absent[status]:,} {status}" for status in STATUSES if status in absent)
    return f"Left out: {absent.sum():,} of {len(rows):,} rows ({kinds})."

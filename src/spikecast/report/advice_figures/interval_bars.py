"""Interval bars of a target."""

from __future__ import annotations

from typing import Any

import pandas as pd

from spikecast.report.look import QUIET


def interval_bars(table: pd.DataFrame, target: str) -> dict[str, Any]:
    """An error bar from ``_low`` to ``_high`` of a target's column, in its unit."""
    return {
        "type": "data",
        "symmetric": False,
        "array": table[f"{target}_high"] - table[target],
        "arrayminus": table[target] - table[f"{target}_low"],
        "color": QUIET,
        "thickness": 1.2,
        "width": 4,
    }

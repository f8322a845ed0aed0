"""How good a predictor is on each data set and network by itself."""

from __future__ import annotations

from typing import Any

import pandas as pd

from spikecast.predictor.judged import Judged, all_scores
from spikecast.predictor.seed_spread import seed_spread
from spikecast.predictor.targets import TARGETS

_NETWORK = ["dataset", "architecture"]


def by_network(one: Judged, everything: pd.DataFrame) -> list[dict[str, Any]]:
    """Scores of every pair of data set and architecture, the one with the most rows first.

    Args:
        one: predictions beside what was measured.
        everything: measured rows that ended ok, of all splits, for the seed-to-seed spread.

    Returns:
        ``dataset``, ``architecture``, ``rows``, every target's scores as ``targets``, with ``seed_spread`` among them.
    """
    found = []
    for (dataset, architecture), rows in one.rows.groupby(_NETWORK):
        alike = everything[(everything["dataset"] == dataset) & (everything["architecture"] == architecture)]
        targets = all_scores(one.among(one.rows.index.isin(rows.index)))
        for name, target in TARGETS.items():
            targets[name]["seed_spread"] = seed_spread(alike, target)
        found.append({"dataset": dataset, "architecture": architecture, "rows": len(rows), "targets": targets})
    return sorted(found, key=lambda network: (-network["rows"], network["dataset"], network["architecture"]))

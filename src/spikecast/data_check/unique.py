"""Check: everything is there once, and belongs to something."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from spikecast.data_check.finding import Spot


def unique(rows: pd.DataFrame, traces: pd.DataFrame) -> Iterator[Spot]:
    """No key twice in rows, no layer of a key twice in traces, no trace without a row."""
    for key, times in rows["key"].value_counts().items():
        if times > 1:
            yield Spot("keys must be in rows once", str(key), f"{times} times")
    again = traces[traces.duplicated(["key", "layer"])]
    for key, layer in again[["key", "layer"]].itertuples(index=False):
        yield Spot("layers of a key must be in traces once", str(key), f"{layer} again")
    for key, layers in traces[~traces["key"].isin(rows["key"])].groupby("key")["layer"]:
        yield Spot("traces must belong to a row", str(key), ", ".join(layers))

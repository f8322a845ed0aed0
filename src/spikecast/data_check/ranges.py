"""Check: numbers are within the range that is possible for them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from spikecast.data_check.columns import measure_of
from spikecast.data_check.finding import Spot, spots_where

#: Smallest and largest value by column, or by what is measured of layers, and how the range is spoken.
_RANGES = {
    **dict.fromkeys(("accuracy", "sparsity", "spike_agreement"), (0.0, 1.0, "0 to 1")),
    **dict.fromkeys(("latency_cycles", "latency_cycles_p95", "evaluated_samples"), (1.0, math.inf, "1 or more")),
    **dict.fromkeys(("spikes_in", "final_loss", "train_seconds", "simulate_seconds"), (0.0, math.inf, "0 or more")),
}


def ranges(rows: pd.DataFrame) -> Iterator[Spot]:
    """Finite numbers that are there lie in their range; whether one must be there is up to the status."""
    for name in rows.columns:
        if measure_of(name) in _RANGES:
            smallest, largest, spoken = _RANGES[measure_of(name)]
            wrong = np.isfinite(rows[name]) & ~rows[name].between(smallest, largest)
            yield from spots_where(wrong, rows, name, f"{name} must be {spoken}")
    wrong = rows["kept_epoch"].notna() & ~rows["kept_epoch"].between(1, rows["epochs"])
    yield from spots_where(wrong, rows, "kept_epoch", "kept_epoch must be one of the epochs")

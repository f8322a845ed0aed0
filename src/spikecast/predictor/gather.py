"""From rows, one per trained network, to measured configurations, one per set of choices."""

from __future__ import annotations

import pandas as pd

from spikecast.predictor.measured import Configuration, Measured
from spikecast.rows import choices_of

_MEANS = ("accuracy", "sparsity", "latency_cycles")


def gather(rows: pd.DataFrame) -> Measured:
    """Gather the seeds of each configuration, in the order of the configurations' keys."""
    configurations = []
    for _, seeds in rows.groupby("config_key", sort=True):
        ok = seeds[seeds["status"] == "ok"]
        means = {name: float(ok[name].mean()) if len(ok) else None for name in _MEANS}
        choices = choices_of(seeds.iloc[0].to_dict()).model_dump(exclude={"seed"})
        outcomes = {str(name): int(count) for name, count in seeds["status"].value_counts().items()}
        configurations.append(Configuration(choices, outcomes, **means))
    return Measured(configurations)

"""What a configuration's membrane does, whatever its neuron is called."""

from __future__ import annotations

import pandas as pd

from spikecast.neurons import dynamics


def with_membrane(table: pd.DataFrame) -> pd.DataFrame:
    """The table with ``gain`` and ``leak``, and ``effective_threshold``: the threshold at gain 1."""
    found = [dynamics(*row) for row in table[["neuron", "beta", "alpha"]].itertuples(index=False, name=None)]
    return table.assign(
        gain=[membrane.gain for membrane in found],
        leak=[membrane.leak for membrane in found],
        effective_threshold=lambda made: made["threshold"] / made["gain"],
    )

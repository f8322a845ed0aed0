"""Which layers fire: the spread of every layer's sparsity over configurations."""

from __future__ import annotations

import pandas as pd

from spikecast.study.configurations import layer_columns

#: Percentiles beside the median.
LOW, HIGH = 0.05, 0.95


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

"""The configuration that the source study's release starts from, or the nearest one measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

#: Default of the source study's release.
SURROGATE, SLOPE, NEURON, BETA, THRESHOLD = "fast_sigmoid", 1.0, "leaky", 0.15, 0.5


def baseline(table: pd.DataFrame) -> dict[Any, Any] | None:
    """The ok configuration with the release's surrogate and neuron that is nearest to its default; None if none is.

    Nearest in the largest of: the difference of beta, and the differences of slope and threshold in octaves.

    Args:
        table: ok configurations of one context.
    """
    kind = table[(table["surrogate"] == SURROGATE) & (table["neuron"] == NEURON)]
    if kind.empty:
        return None
    away = np.abs([kind["beta"] - BETA, np.log2(kind["slope"] / SLOPE), np.log2(kind["threshold"] / THRESHOLD)])
    return kind.iloc[int(away.max(axis=0).argmin())].to_dict()

"""Does accuracy tell latency? Their rank correlation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from spikecast.study.interval import Estimate, bootstrap


def accuracy_latency_correlation(table: pd.DataFrame) -> Estimate:
    """Spearman's rho, -1..1, of accuracy and latency over configurations, with its interval.

    Args:
        table: one row per configuration; columns ``accuracy`` and ``latency_cycles``; no NaN.
    """
    accuracy, latency = (table[name].to_numpy(np.float64) for name in ("accuracy", "latency_cycles"))
    return bootstrap(spearman, accuracy, latency, paired=True, vectorized=True)


def spearman(x: NDArray[np.float64], y: NDArray[np.float64], axis: int) -> Any:
    """Rank correlation along an axis."""
    return stats.spearmanrho(x, y, axis=axis).statistic

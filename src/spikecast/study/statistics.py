"""Numbers with their intervals: how far each would move had other configurations been measured.

Beside them two numbers that several questions ask for: the rank correlation of accuracy and latency, and the accuracy
that a kind of network reaches."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

#: Share of resamples between an interval's ends.
LEVEL = 0.95
RESAMPLES = 2000
#: Resampling fewer says nothing.
FEWEST = 5
#: Configurations that make a peak: the single best would be luck more than merit.
PEAK_OF = 3
#: Fixed, so that the same rows give the same interval.
_SEED = 260324891


@dataclass(frozen=True)
class Estimate:
    """A number and the ends of its interval, in the number's unit; NaN where there is too little to resample."""

    value: float
    low: float = math.nan
    high: float = math.nan


def bootstrap(
    statistic: Callable[..., Any],
    *samples: NDArray[Any],
    paired: bool = False,
    vectorized: bool = False,
) -> Estimate:
    """A statistic with its percentile bootstrap interval.

    Args:
        statistic: of as many arrays as there are samples; with ``vectorized`` it takes their ``axis``, too.
        samples: one array each, of configurations or of their positions; resampled independently.
        paired: resample all samples alike.
        vectorized: many resamples in one call.
    """
    value = statistic(*samples, axis=-1) if vectorized else statistic(*samples)
    if min(len(sample) for sample in samples) < FEWEST:
        return Estimate(float(value))
    interval = stats.bootstrap(
        samples,
        statistic,
        n_resamples=RESAMPLES,
        paired=paired,
        vectorized=vectorized,
        axis=-1,
        confidence_level=LEVEL,
        method="percentile",
        rng=np.random.default_rng(_SEED),
    ).confidence_interval
    return Estimate(float(value), float(interval.low), float(interval.high))


def with_recordings(points: Estimate, *accuracies: float, recordings: float) -> Estimate:
    """A difference in points between single networks, its interval widened by which recordings were evaluated.

    Other configurations and other recordings are two sources of error that add in squares. The second is
    sqrt(p (1 - p) / recordings) for a network of accuracy p; those of several networks count as independent, a little
    more than they are on the same recordings.
    """
    z = stats.norm.ppf((1 + LEVEL) / 2)
    error = 100 * z * math.sqrt(sum(p * (1 - p) for p in accuracies) / recordings)
    return Estimate(
        points.value,
        points.value - math.hypot(points.value - points.low, error),
        points.value + math.hypot(points.high - points.value, error),
    )


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


def peak(accuracy: NDArray[np.float64]) -> float:
    """Mean of the PEAK_OF highest accuracies, or of all if there are fewer."""
    return float(np.sort(accuracy)[-PEAK_OF:].mean())

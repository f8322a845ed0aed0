"""How much is the seed: variance within configurations beside variance between them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast.study.statistics import Estimate, bootstrap


@dataclass(frozen=True)
class SeedVariance:
    """Variance components of one measured quantity.

    Attributes:
        configurations: how many they rest on, each with several seeds.
        rows: the rows of those.
        share: of the variance, 0..1, that is the seed's: within / (within + between).
        spread: standard deviation between seeds of one configuration, in the quantity's unit.
    """

    configurations: int
    rows: int
    share: Estimate
    spread: Estimate


def seed_variance(rows: pd.DataFrame, quantity: str, *, log: bool = False) -> SeedVariance:
    """Variance components of a one-way random effects model, by the method of moments for unequal counts.

    Args:
        rows: rows with status ok; configurations with a single one are left out.
        quantity: a column.
        log: take the logarithm first; the spread is then relative to the value.
    """
    count, mean, var = _by_configuration(rows, quantity, log)
    if len(count) < 2:
        nothing = Estimate(math.nan)
        return SeedVariance(len(count), int(count.sum()), nothing, nothing)

    def share(chosen: NDArray[np.intp]) -> float:
        within, between = components(count[chosen], mean[chosen], var[chosen])
        return within / (within + between) if within + between > 0 else math.nan

    def spread(chosen: NDArray[np.intp]) -> float:
        return math.sqrt(_within(count[chosen], var[chosen]))

    every = np.arange(len(count))
    return SeedVariance(len(count), int(count.sum()), bootstrap(share, every), bootstrap(spread, every))


def spread_of_seeds(rows: pd.DataFrame, quantity: str) -> float:
    """Standard deviation between seeds of one configuration, in the quantity's unit, without an interval.

    Args:
        rows: rows with status ok; configurations with a single one are left out.
        quantity: a column.

    Returns:
        NaN where no configuration has several rows.
    """
    count, _, var = _by_configuration(rows, quantity, log=False)
    return math.sqrt(_within(count, var)) if len(count) else math.nan


def components(count: NDArray[np.float64], mean: NDArray[np.float64], var: NDArray[np.float64]) -> tuple[float, float]:
    """(within, between) variances from each configuration's number of seeds, mean and variance.

    Within is the mean square within, between what the mean square between has more than it, per seed; not below 0.
    """
    total, groups = count.sum(), len(count)
    within = _within(count, var)
    grand = (count * mean).sum() / total
    mean_square = (count * (mean - grand) ** 2).sum() / (groups - 1)
    seeds = (total - (count**2).sum() / total) / (groups - 1)
    return within, max(float((mean_square - within) / seeds), 0.0)


def _within(count: NDArray[np.float64], var: NDArray[np.float64]) -> float:
    """Variances of configurations pooled by their degrees of freedom."""
    return float(((count - 1) * var).sum() / (count - 1).sum())


def _by_configuration(
    rows: pd.DataFrame, quantity: str, log: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Count, mean and variance over the rows of each configuration that has several."""
    values = np.log(rows[quantity]) if log else rows[quantity]
    groups = values.groupby(rows["config_key"])
    table = pd.DataFrame({"count": groups.size(), "mean": groups.mean(), "var": groups.var()}).query("count > 1")
    count, mean, var = (table[name].to_numpy(np.float64) for name in table)
    return count, mean, var

"""Leaky and lapicque neurons whose membranes move alike.

A lapicque neuron with gain g, leak l and threshold t is, up to the scale g of its membrane, a leaky neuron with leak l
and threshold t / g. Its surrogate then sees g times the distance from the threshold: slope k acts as slope g k would.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from spikecast.study.contexts import alike
from spikecast.study.statistics import Estimate, bootstrap
from spikecast.study.tables import with_membrane

#: Largest differences of a pair: of the leak; of the thresholds at gain 1 and of the slopes, as ratios.
LEAK, THRESHOLD, SLOPE = 0.05, 1.1, 1.25
#: Differences a tenth of those are rounding: such a pair counts as exact.
EXACT = 0.1
#: Fewest exact pairs that stand alone.
FEWEST_EXACT = 10


@dataclass(frozen=True)
class EqualMembranes:
    """Pairs of a leaky and a lapicque configuration with the same membrane, none in two pairs.

    Attributes:
        pairs: one row per pair: ``surrogate``; ``leak`` and ``threshold`` of the leaky neuron; ``distance``, 0..1 of
            what is allowed; ``exact``; and of either neuron ``key_leaky``, ``key_lapicque``,
            ``accuracy_leaky``, ``accuracy_lapicque`` (0..1), ``latency_leaky``, ``latency_lapicque`` (cycles).
        ratio: geometric mean of latencies, lapicque over leaky; pairs are resampled.
        gain_points: mean difference of accuracies in points, lapicque minus leaky; pairs are resampled.
    """

    pairs: pd.DataFrame
    ratio: Estimate
    gain_points: Estimate


def equal_membranes(table: pd.DataFrame, *, equal_gradient: bool) -> EqualMembranes | None:
    """Pair each lapicque configuration with the nearest leaky one in leak, threshold at gain 1, and slope.

    Args:
        table: ok configurations.
        equal_gradient: compare the slopes as the membranes see them, g k with k; else k with k.

    Returns:
        Exact pairs if there are FEWEST_EXACT, else all within the tolerances; None if there is none.
    """
    found = [
        pair
        for group in alike(table, "neuron", "beta", "alpha", "threshold", "slope", fewest=2)
        for pair in _nearest(group, equal_gradient)
    ]
    if not found:
        return None
    pairs = pd.DataFrame(found)
    if pairs["exact"].sum() >= FEWEST_EXACT:
        pairs = pairs[pairs["exact"]]
    log_ratio = np.log((pairs["latency_lapicque"] / pairs["latency_leaky"]).to_numpy())
    gain = 100 * (pairs["accuracy_lapicque"] - pairs["accuracy_leaky"]).to_numpy()
    return EqualMembranes(
        pairs,
        bootstrap(lambda drawn: np.exp(drawn.mean()), log_ratio),
        bootstrap(np.mean, gain),
    )


def _nearest(group: pd.DataFrame, equal_gradient: bool) -> list[dict[str, object]]:
    """Pairs within one group: the closest two first, each configuration once."""
    leaky, lapicque = (_points(group[group["neuron"] == name], equal_gradient) for name in ("leaky", "lapicque"))
    if leaky.empty or lapicque.empty:
        return []
    scale = [LEAK, np.log(THRESHOLD), np.log(SLOPE)]
    distance = cdist(lapicque[_POINT] / scale, leaky[_POINT] / scale, "chebyshev")
    pairs: list[dict[str, object]] = []
    while distance.min() <= 1:
        i, j = np.unravel_index(distance.argmin(), distance.shape)
        reference, other = leaky.iloc[int(j)].to_dict(), lapicque.iloc[int(i)].to_dict()
        pairs.append(
            {
                **{name: reference[name] for name in ("surrogate", "leak", "threshold")},
                "distance": float(distance[i, j]),
                "exact": bool(distance[i, j] <= EXACT),
                "key_leaky": reference["config_key"],
                "key_lapicque": other["config_key"],
                "accuracy_leaky": reference["accuracy"],
                "accuracy_lapicque": other["accuracy"],
                "latency_leaky": reference["latency_cycles"],
                "latency_lapicque": other["latency_cycles"],
            }
        )
        distance[i, :] = distance[:, j] = np.inf
    return pairs


_POINT = ["leak", "log_threshold", "log_slope"]


def _points(table: pd.DataFrame, equal_gradient: bool) -> pd.DataFrame:
    """The configurations as membranes of gain 1, with the logarithms of threshold and slope."""
    membranes = with_membrane(table)
    slope = membranes["slope"] * (membranes["gain"] if equal_gradient else 1.0)
    return membranes.assign(log_threshold=np.log(membranes["effective_threshold"]), log_slope=np.log(slope))

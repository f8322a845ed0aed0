"""Claim 4: choosing with sparsity in mind is worth accuracy and latency, beside the configuration that the source
study's release starts from, or the nearest one measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast.study.claims.verdict import Evidence, Finding
from spikecast.study.contexts import Context
from spikecast.study.statistics import bootstrap, with_recordings
from spikecast.wording import measured_in_words

#: Default of the source study's release.
SURROGATE, SLOPE, NEURON, BETA, THRESHOLD = "fast_sigmoid", 1.0, "leaky", 0.15, 0.5
#: Accuracy given up for speed, 0..1: the fastest within it of the most accurate is the choice.
GIVEN_UP = 0.01
#: What the study gained: points of accuracy, and times lower latency.
POINTS, TIMES = 9.1, 2.0


def sparsity_aware_choice_pays(context: Context) -> Finding:
    """Claim 4: confirmed if the choice beats the baseline by the claimed size in both numbers.

    The choice is the fastest ok configuration within a point of the most accurate; the baseline is the release's
    default or the ok configuration nearest to it. Accuracy: choice minus baseline in points, its interval widened by
    the error of the evaluated recordings, claimed to be above 0 and to reach POINTS. Latency: baseline over choice,
    claimed to be above 1 and to reach TIMES. Resampled are the configurations to choose from; the baseline stays.
    """
    ok = context.ok
    base = baseline(ok)
    if base is None:
        return Finding("needs an ok configuration with fast_sigmoid and leaky neurons: rows of spaces/phase1.yaml")
    accuracy, latency = ok["accuracy"].to_numpy(), ok["latency_cycles"].to_numpy()

    def gain(drawn: NDArray[np.intp]) -> float:
        choice = drawn[fastest_of_the_best(accuracy[drawn], latency[drawn])]
        return float(100 * (accuracy[choice] - base["accuracy"]))

    def speedup(drawn: NDArray[np.intp]) -> float:
        choice = drawn[fastest_of_the_best(accuracy[drawn], latency[drawn])]
        return float(base["latency_cycles"] / latency[choice])

    every = np.arange(len(ok))
    choice = ok.iloc[fastest_of_the_best(accuracy, latency)].to_dict()
    gained = with_recordings(
        bootstrap(gain, every), choice["accuracy"], base["accuracy"], recordings=ok["recordings"].min()
    )
    return Finding(
        f"choice: {measured_in_words(choice)}; baseline, nearest to fast_sigmoid slope 1, leaky beta 0.15, threshold "
        f"0.5: {measured_in_words(base)}",
        (
            Evidence("accuracy of the choice beyond the baseline", gained, "points", 0.0, size=POINTS),
            Evidence("latency of the baseline over the choice", bootstrap(speedup, every), "times", 1.0, size=TIMES),
        ),
    )


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


def fastest_of_the_best(accuracy: NDArray[np.float64], latency: NDArray[np.float64]) -> int:
    """Position of the lowest latency among accuracies within GIVEN_UP of the highest."""
    good = np.flatnonzero(accuracy >= accuracy.max() - GIVEN_UP - 1e-9)
    return int(good[latency[good].argmin()])

"""Claims 1 and 2: another surrogate, another neuron, lower latency at comparable accuracy."""

from __future__ import annotations

import pandas as pd

from spikecast.study.claims.verdict import Evidence, Finding
from spikecast.study.contexts import Context
from spikecast.study.matched import ESCAPE_FOR_FAST_SIGMOID, LAPICQUE_FOR_LEAKY, Kinds, strictest
from spikecast.study.statistics import Estimate, bootstrap, peak

#: Loss of accuracy, in points, that still counts as little.
LITTLE_POINTS = 2.0


def escape_lowers_latency(context: Context) -> Finding:
    """Claim 1, spike rate escape for fast sigmoid: confirmed if the typical latency at equal accuracy is lower.

    Two numbers must both hold: see ``_switch``. Pairs share neuron, beta and threshold where there are enough of them.
    """
    return _switch(context, ESCAPE_FOR_FAST_SIGMOID, ("beta", "alpha", "threshold"))


def lapicque_lowers_latency(context: Context) -> Finding:
    """Claim 2, lapicque for leaky: confirmed if the typical latency at equal accuracy is lower.

    Two numbers must both hold: see ``_switch``. Pairs share surrogate and, where there are enough of them, slope.
    """
    return _switch(context, LAPICQUE_FOR_LEAKY, ("slope",))


def _switch(context: Context, kinds: Kinds, free: tuple[str, ...]) -> Finding:
    """What changes from one kind of network to another.

    Latency: the geometric mean of latency ratios over all pairs of useful configurations, one of each kind, within one
    point of accuracy, as a change in per cent; claimed to be below 0. "Up to" is not tested: the largest of many noisy
    ratios would confirm anything; where nine in ten ratios lie is said instead.
    Accuracy: the difference of both kinds' peaks over all ok configurations, in points; claimed to be above
    -LITTLE_POINTS.
    """
    pairs, strict = strictest(context.useful, kinds, free)
    if not pairs.enough:
        return Finding(
            f"{len(pairs.ratio)} pairs of {kinds.reference} and {kinds.other} within a point of accuracy are too few"
        )
    low, high = 100 * (pd.Series(pairs.ratio).quantile([0.05, 0.95]) - 1)
    typical = Estimate(*(100 * (end - 1) for end in (pairs.typical.value, pairs.typical.low, pairs.typical.high)))
    ok = context.ok
    reference, other = (
        ok.loc[ok[kinds.choice] == kind, "accuracy"].to_numpy() for kind in (kinds.reference, kinds.other)
    )
    cost = bootstrap(lambda a, b: 100 * (peak(b) - peak(a)), reference, other)
    likeness = "alike in everything else" if strict else f"whatever their {', '.join(free)}"
    return Finding(
        f"{len(pairs.ratio):,} pairs of {pairs.references} {kinds.reference} and {pairs.others} {kinds.other} "
        f"configurations within a point of accuracy, {likeness}; nine in ten pairs lie "
        f"between {low:+.0f} % and {high:+.0f} %",
        (
            Evidence(f"latency of {kinds.other} at equal accuracy", typical, "%", none=0.0, above=False),
            Evidence(f"best accuracy of {kinds.other} beside {kinds.reference}", cost, "points", none=-LITTLE_POINTS),
        ),
    )

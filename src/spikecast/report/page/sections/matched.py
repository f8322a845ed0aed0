"""Leaky and lapicque neurons at the same accuracy."""

from __future__ import annotations

import pandas as pd

from spikecast.report.page.figures.matched import matched_figure
from spikecast.report.page.left_out import left_out
from spikecast.report.page.parts import Column, Picture, Section, Table
from spikecast.report.page.sections.context_line import context_line
from spikecast.study.configurations import USEFUL_SHARE
from spikecast.study.contexts import Context
from spikecast.study.interval import Estimate
from spikecast.study.matched import LAPICQUE_FOR_LEAKY, matched
from spikecast.study.study import Study

TITLE = "LIF against Lapicque at matched accuracy"
_ANY_SLOPE = ("slope",)


def section(study: Study) -> Section:
    told = [(context, line) for context in study.contexts for line in _lines(context)]
    if not told:
        return Section(
            "matched",
            TITLE,
            missing=(
                "Too few rows differ in the neuron alone: spikecast characterize --space spaces/phase2.yaml "
                "(or first.yaml)",
            ),
        )
    context, first = told[0]
    rows = study.rows[study.rows["config_key"].isin(context.table["config_key"])]
    pairs = matched(context.ok, LAPICQUE_FOR_LEAKY, _ANY_SLOPE)
    return Section(
        "matched",
        TITLE,
        (
            "A pair is one leaky (LIF) and one lapicque configuration with the same surrogate, within one point of "
            "accuracy, and alike in all that is not named; the ratio of latencies is a geometric mean over pairs. "
            f"Both must reach {USEFUL_SHARE:.0%} of the best accuracy: networks that nobody would use say little. "
            "Resampled are configurations, not pairs.",
        ),
        (
            Table(
                "matched",
                "Latency of lapicque beside leaky, over pairs within a point of accuracy",
                (
                    Column("context", "rows"),
                    Column("slopes", "slopes"),
                    Column("pairs", "pairs", ",d"),
                    Column("leaky", "leaky", "d"),
                    Column("lapicque", "lapicque", "d"),
                    Column("change_percent", "latency, %, 95 % interval", "+z.1f"),
                    Column("faster", "lapicque faster in", ".0%"),
                    Column("nine_in_ten", "nine in ten pairs, %"),
                ),
                tuple(line for _, line in told),
            ),
            Picture(
                "matched",
                "Leaky and lapicque neurons: latency by accuracy",
                _takeaway(first),
                left_out(rows, rows["status"] == "ok")
                + f" Right: boxes hold half of the pairs in 5 points of accuracy, whiskers nine in ten; dotted: "
                f"{USEFUL_SHARE:.0%} of the best accuracy.",
                matched_figure(context.ok, pairs, USEFUL_SHARE * context.ok["accuracy"].max()),
            ),
        ),
    )


def _lines(context: Context) -> list[dict[str, object]]:
    """Pairs with the same slope, and with any; only those that are enough."""
    return [
        {
            "context": context_line(context),
            "slopes": slopes,
            "pairs": len(found.ratio),
            "leaky": found.references,
            "lapicque": found.others,
            "change_percent": _as_change(found.typical),
            "faster": (found.ratio < 1).mean(),
            "nine_in_ten": "{:+.0f} to {:+.0f}".format(*100 * (pd.Series(found.ratio).quantile([0.05, 0.95]) - 1)),
        }
        for slopes, free in (("the same", ()), ("any", _ANY_SLOPE))
        if (found := matched(context.useful, LAPICQUE_FOR_LEAKY, free)).enough
    ]


def _as_change(ratio: Estimate) -> Estimate:
    """A ratio as a change in per cent."""
    return Estimate(*(100 * (end - 1) for end in (ratio.value, ratio.low, ratio.high)))


def _takeaway(line: dict[str, object]) -> str:
    change = line["change_percent"]
    assert isinstance(change, Estimate)
    if change.low <= 0 <= change.high:
        said = "the data do not tell which is faster"
    else:
        said = f"lapicque is {'faster' if change.high < 0 else 'slower'}"
    return (
        f"At equal accuracy latency changes by {change.value:+.0f} % ({change.low:+.0f} to {change.high:+.0f}) from "
        f"leaky to lapicque: {said}; lapicque is the faster one in {line['faster']:.0%} of the pairs."
    )

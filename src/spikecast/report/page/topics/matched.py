"""LIF against Lapicque at matched accuracy: latencies by accuracy, and the ratio of latencies of matched pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from spikecast.report.look import INK, NEURON_MARKS, panels
from spikecast.report.page.content import Column, Picture, Section, Table, context_line, left_out
from spikecast.report.page.frame import framed, legend_above
from spikecast.study.contexts import Context
from spikecast.study.matched import LAPICQUE_FOR_LEAKY, Matched, matched
from spikecast.study.statistics import Estimate
from spikecast.study.study import Study
from spikecast.study.tables import USEFUL_SHARE

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

TITLE = "LIF against Lapicque at matched accuracy"
_ANY_SLOPE = ("slope",)


def section(study: Study) -> Section:
    """The section of the page, or which rows are missing for it."""
    lines = [(context, line) for context in study.contexts for line in _lines(context)]
    if not lines:
        return Section(
            "matched",
            TITLE,
            missing=(
                "Too few rows differ in the neuron alone: spikecast characterize --space spaces/phase2.yaml "
                "(or first.yaml)",
            ),
        )
    context, first = lines[0]
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
                tuple(line for _, line in lines),
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


#: Width of an accuracy class, 0..1, and fewest pairs for which it has a box.
_CLASS, _FEWEST = 0.05, 10
_QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95]


def matched_figure(table: pd.DataFrame, pairs: Matched, useful: float) -> Figure:
    """Draw the configurations of both neurons, and quantiles of the latency ratio by accuracy.

    Args:
        table: ok configurations of one context.
        pairs: lapicque matched to leaky, at any accuracy.
        useful: accuracy, 0..1, from which networks are of use.
    """
    figure = panels(
        cols=2,
        subplot_titles=("every configuration", "pairs within a point of accuracy"),
        horizontal_spacing=0.1,
    )
    framed(figure, height=500, above=76)
    figure.update_layout(legend=legend_above(1.08))
    for neuron in ("leaky", "lapicque"):
        mark, part = NEURON_MARKS[neuron], table[table["neuron"] == neuron]
        figure.add_scatter(
            row=1,
            col=1,
            name=neuron,
            x=part["accuracy"],
            y=part["latency_cycles"],
            mode="markers",
            marker={"symbol": mark.symbol, "color": mark.color, "size": 7, "opacity": 0.6},
            hovertemplate=f"{neuron}: %{{x:.1%}}, %{{y:,.0f}} cycles<extra></extra>",
        )
    classes = pd.Series(pairs.ratio).groupby(np.floor(pairs.accuracy / _CLASS + 1e-9))
    quantiles = classes.quantile(np.array(_QUANTILES)).unstack()[classes.size() >= _FEWEST]
    figure.add_box(
        row=1,
        col=2,
        showlegend=False,
        x=(quantiles.index + 0.5) * _CLASS,
        lowerfence=quantiles[0.05],
        q1=quantiles[0.25],
        median=quantiles[0.5],
        q3=quantiles[0.75],
        upperfence=quantiles[0.95],
        width=0.7 * _CLASS,
        line={"color": NEURON_MARKS["lapicque"].color, "width": 1.5},
    )
    figure.add_hline(1, row=1, col=2, line={"color": INK, "width": 1, "dash": "dash"})
    for col in (1, 2):
        figure.add_vline(useful, row=1, col=col, line={"color": INK, "width": 1, "dash": "dot"})
    figure.update_xaxes(tickformat=".0%", range=[0, 1], title_text="accuracy")
    figure.update_yaxes(col=1, title_text="latency, cycles", tickformat="~s", rangemode="tozero")
    figure.update_yaxes(
        col=2, type="log", title_text="latency, lapicque / leaky, ratio", tickvals=[0.25, 0.5, 0.7, 1, 1.4, 2, 4]
    )
    return figure

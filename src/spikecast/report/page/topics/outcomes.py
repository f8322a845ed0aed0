"""Which choices fail: shares of every status by surrogate and neuron, and where in slope and threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from spikecast.datasets import dataset_of
from spikecast.report.look import STATUS_MARKS, empty_figure, in_words
from spikecast.report.page.content import Column, Picture, Section, Table
from spikecast.report.page.frame import TICK_TEXTS, TICKS, framed, legend_above, surrogate_panels
from spikecast.rows import STATUSES
from spikecast.study.contexts import usual_dataset
from spikecast.study.counts import CHANCE_MULTIPLE, near_chance, outcome_counts
from spikecast.study.study import Study
from spikecast.study.tables import with_membrane

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def section(study: Study) -> Section:
    """The section of the page."""
    every = study.rows
    total = every["status"].value_counts()
    guessing = sum(near_chance(group, dataset_of(str(name)).classes) for name, group in every.groupby("dataset"))
    listed = ", ".join(f"{total[status]:,} {status}" for status in STATUSES if status in total)
    # What fails on one data set need not fail on another.
    dataset = usual_dataset(every)
    rows = with_membrane(every[every["dataset"] == dataset])
    counts = outcome_counts(rows, ["surrogate", "neuron"])
    beside = f"Left out: {len(every) - len(rows):,} rows of other data sets. Networks of any architecture are in it."
    return Section(
        "outcomes",
        "Which choices fail",
        (
            f"Of {len(every):,} rows {listed}. A network that is ok uses more than one class, no more: {guessing:,} ok "
            f"rows have an accuracy of {CHANCE_MULTIPLE:g} times guessing or less.",
            "Threshold at gain 1: the threshold over what one spike of weight 1 adds to the membrane, which is 1 for a "
            "leaky neuron and ln(1 / beta) for a lapicque neuron.",
        ),
        (
            Picture(
                "outcome-shares",
                f"Outcomes on {dataset} by surrogate and neuron",
                _worst(counts),
                beside,
                share_figure(counts),
            ),
            Picture(
                "outcome-map",
                f"Outcomes on {dataset} over slope and threshold at gain 1",
                _where(rows),
                beside,
                outcome_figure(rows),
            ),
            Table(
                "outcomes",
                f"Rows on {dataset} by surrogate, neuron and outcome",
                (
                    Column("surrogate", "surrogate"),
                    Column("neuron", "neuron"),
                    *(Column(status, status, ",d") for status in STATUSES),
                ),
                tuple(
                    counts.reset_index()
                    .assign(surrogate=lambda made: made["surrogate"].map(in_words))
                    .to_dict("records")
                ),
                folded=True,
            ),
        ),
    )


def _worst(counts: pd.DataFrame) -> str:
    failing = 1 - counts["ok"] / counts.sum(axis=1)
    surrogate, neuron = failing.index[int(failing.argmax())]
    share, safe = failing.max(), (failing == 0).sum()
    return (
        f"{in_words(surrogate).capitalize()} with {neuron} neurons fails most, in {share:.0%} of its rows; "
        f"{safe} of {len(counts)} combinations never fail."
    )


def _where(rows: pd.DataFrame) -> str:
    medians = rows.groupby("status")["effective_threshold"].median()
    listed = ", ".join(f"{medians[status]:.2g} of {status} rows" for status in STATUSES if status in medians)
    return f"Median threshold at gain 1: {listed}."


#: Height of a bar with its gap, in pixels.
_BAR = 26


def share_figure(counts: pd.DataFrame) -> Figure:
    """Draw the shares of every status.

    Args:
        counts: int, one row per (surrogate, neuron), one column per status.
    """
    figure = empty_figure()
    framed(figure, height=_BAR * len(counts) + 120)
    figure.update_layout(barmode="stack", bargap=0.25, legend=legend_above(1) | {"traceorder": "normal"})
    total = counts.sum(axis=1)
    names = [f"{in_words(surrogate)}, {neuron} ({total[surrogate, neuron]:,})" for surrogate, neuron in counts.index]
    for status in STATUSES:
        if counts[status].any():
            figure.add_bar(
                name=status,
                orientation="h",
                y=names,
                x=counts[status] / total,
                marker_color=STATUS_MARKS[status].color,
                customdata=counts[status],
                hovertemplate=f"%{{y}}: %{{customdata}} {status}, %{{x:.0%}}<extra></extra>",
            )
    figure.update_xaxes(title_text="share of rows", tickformat=".0%", range=[0, 1])
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def outcome_figure(rows: pd.DataFrame) -> Figure:
    """Draw every row at its slope and ``effective_threshold``, one panel per surrogate; what is not ok stands out."""
    figure, places = surrogate_panels(set(rows["surrogate"]))
    for status in STATUSES:
        mark = STATUS_MARKS[status]
        for surrogate, place in places.items():
            part = rows[(rows["surrogate"] == surrogate) & (rows["status"] == status)]
            if part.empty:
                continue
            figure.add_scatter(
                **place,
                name=status,
                legendgroup=status,
                showlegend=not any(drawn.name == status for drawn in figure.data),
                x=part["slope"],
                y=part["effective_threshold"],
                mode="markers",
                marker={
                    "symbol": mark.symbol,
                    "color": mark.color,
                    "size": 6 if status == "ok" else 8,
                    "opacity": 0.8,
                },
                customdata=part[["neuron", "beta", "threshold"]],
                hovertemplate=f"{status}: slope %{{x:.3g}}, %{{customdata[0]}} beta %{{customdata[1]:.3g}}, "
                "threshold %{customdata[2]:.3g}, at gain 1 %{y:.3g}<extra></extra>",
            )
    figure.update_yaxes(type="log", tickvals=TICKS, ticktext=TICK_TEXTS)
    figure.update_yaxes(col=1, title_text="threshold at gain 1")
    return figure

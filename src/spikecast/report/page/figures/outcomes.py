"""What became of networks: shares by surrogate and neuron, and where in slope and threshold they fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from spikecast.report.page.figures.panels import TICK_TEXTS, TICKS, surrogate_panels
from spikecast.report.page.frame import framed, legend_above
from spikecast.report.page.looks import STATUS_MARKS, in_words
from spikecast.rows import STATUSES

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

#: Height of a bar with its gap, in pixels.
_BAR = 26


def share_figure(counts: pd.DataFrame) -> Figure:
    """Draw the shares of every status.

    Args:
        counts: int, one row per (surrogate, neuron), one column per status.
    """
    from plotly.graph_objects import Figure

    figure = Figure()
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
                marker_color=STATUS_MARKS[status].colour,
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
                    "color": mark.colour,
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

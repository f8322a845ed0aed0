"""Accuracy and latency of every configuration, and the front that no other beats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from spikecast.report.look import INK, logarithmic
from spikecast.report.page.frame import framed, legend_above
from spikecast.report.page.looks import SURROGATE_MARKS, in_words
from spikecast.study.telling import studied

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def pareto_figure(table: pd.DataFrame, front: pd.DataFrame, numbered: pd.DataFrame) -> Figure:
    """Draw configurations by surrogate, the front as a line, and numbers, from 1, at those of it that are named.

    Args:
        table: ok configurations.
        front: those of the front, by rising latency.
        numbered: those of the front that a table names, in its order.
    """
    from plotly.graph_objects import Figure

    figure = Figure()
    framed(figure, height=620, above=90)
    figure.update_layout(legend=legend_above(1.0))
    for name, mark in SURROGATE_MARKS.items():
        part = table[table["surrogate"] == name]
        if part.empty:
            continue
        figure.add_scatter(
            name=in_words(name),
            x=part["latency_cycles"],
            y=part["accuracy"],
            mode="markers",
            marker={"symbol": mark.symbol, "color": mark.colour, "size": 7, "opacity": 0.55},
            customdata=[studied(row) for row in part.to_dict("records")],
            hovertemplate="%{customdata}<br>%{y:.1%}, %{x:,.0f} cycles<extra></extra>",
        )
    figure.add_scatter(
        name="front",
        x=front["latency_cycles"],
        y=front["accuracy"],
        mode="lines",
        line={"color": INK, "width": 2, "shape": "hv"},
        hoverinfo="skip",
    )
    figure.add_scatter(
        showlegend=False,
        x=numbered["latency_cycles"],
        y=numbered["accuracy"],
        mode="markers+text",
        marker={"size": 17, "color": "white", "line": {"color": INK, "width": 1.5}},
        text=[f"{number}" for number in range(1, len(numbered) + 1)],
        textfont_size=11,
        hoverinfo="skip",
    )
    figure.update_xaxes(title_text="latency, cycles, logarithmic", tickformat="~s", **logarithmic())
    figure.update_yaxes(title_text="accuracy", tickformat=".0%", range=[0, 1.03])
    return figure

"""How far seeds of one configuration lie apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from spikecast.report.look import INK
from spikecast.report.page.frame import framed, legend_above
from spikecast.report.page.looks import SURROGATE_MARKS, in_words

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def seed_figure(spreads: pd.DataFrame, pooled_points: float, pooled_percent: float) -> Figure:
    """Draw each configuration's spread between seeds against its mean accuracy.

    Args:
        spreads: one row per configuration with several ok seeds: ``surrogate``; ``accuracy``, 0..1;
            ``accuracy_points`` and ``latency_percent``, standard deviations.
        pooled_points, pooled_percent: the same over all configurations.
    """
    from plotly.subplots import make_subplots

    titles = ("accuracy: standard deviation, points", "latency: standard deviation, %")
    figure = make_subplots(cols=2, subplot_titles=titles, horizontal_spacing=0.1)
    framed(figure, height=460, above=90)
    figure.update_layout(legend=legend_above(1.1))
    for name, mark in SURROGATE_MARKS.items():
        part = spreads[spreads["surrogate"] == name]
        for col, quantity in enumerate(("accuracy_points", "latency_percent"), start=1):
            if part.empty:
                continue
            figure.add_scatter(
                row=1,
                col=col,
                name=in_words(name),
                legendgroup=name,
                showlegend=col == 1,
                x=part["accuracy"],
                y=part[quantity],
                mode="markers",
                marker={"symbol": mark.symbol, "color": mark.colour, "size": 8, "opacity": 0.7},
                hovertemplate="accuracy %{x:.1%}: %{y:.1f}<extra></extra>",
            )
    for col, pooled in ((1, pooled_points), (2, pooled_percent)):
        figure.add_hline(pooled, row=1, col=col, line={"color": INK, "width": 1.5, "dash": "dash"})
    figure.update_xaxes(title_text="mean accuracy of the configuration", tickformat=".0%", range=[0, 1])
    figure.update_yaxes(rangemode="tozero")
    figure.update_yaxes(col=1, title_text="between seeds, points")
    figure.update_yaxes(col=2, title_text="between seeds, % of latency")
    return figure

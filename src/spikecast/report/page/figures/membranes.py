"""Leaky and lapicque neurons with the same membrane: accuracy and latency of one against the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from spikecast.report.look import BLUE, INK, VERMILION
from spikecast.report.page.frame import framed, legend_above

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def membrane_figure(kinds: dict[str, pd.DataFrame]) -> Figure:
    """Draw pairs as ``EqualMembranes`` holds them, by what else is equal; on the diagonal both are alike."""
    from plotly.subplots import make_subplots

    figure = make_subplots(cols=2, subplot_titles=("accuracy", "latency"), horizontal_spacing=0.1)
    framed(figure, height=500, above=76)
    figure.update_layout(legend=legend_above(1.08))
    for col, quantity in enumerate(("accuracy", "latency"), start=1):
        form = ".1%" if quantity == "accuracy" else ",.0f"
        for (name, pairs), colour, symbol in zip(kinds.items(), (BLUE, VERMILION), ("circle", "square"), strict=False):
            figure.add_scatter(
                row=1,
                col=col,
                name=name,
                showlegend=col == 1,
                x=pairs[f"{quantity}_leaky"],
                y=pairs[f"{quantity}_lapicque"],
                mode="markers",
                marker={"symbol": symbol, "color": colour, "size": 9, "opacity": 0.75},
                hovertemplate=f"leaky %{{x:{form}}}, lapicque %{{y:{form}}}<extra>{name}</extra>",
            )
        both = pd.concat([pairs[[f"{quantity}_leaky", f"{quantity}_lapicque"]] for pairs in kinds.values()])
        least, most = both.min(axis=None), both.max(axis=None)
        figure.add_scatter(
            row=1,
            col=col,
            name="equal",
            showlegend=False,
            x=[least, most],
            y=[least, most],
            mode="lines",
            line={"color": INK, "width": 1, "dash": "dash"},
            hoverinfo="skip",
        )
        ticks = ".0%" if quantity == "accuracy" else "~s"
        figure.update_xaxes(col=col, title_text=f"leaky: {quantity}{', cycles' if col == 2 else ''}", tickformat=ticks)
        figure.update_yaxes(col=col, title_text=f"lapicque: {quantity}", tickformat=ticks)
    return figure

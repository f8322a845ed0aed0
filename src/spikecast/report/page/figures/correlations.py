"""Rank correlations with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spikecast.report.look import BAND, BLUE, INK
from spikecast.report.page.frame import framed
from spikecast.study.interval import Estimate

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def correlation_figure(groups: dict[str, Estimate], poor: float) -> Figure:
    """Draw one line per group, the first on top; between -``poor`` and ``poor`` a correlation counts as poor."""
    from plotly.graph_objects import Figure

    figure = Figure()
    framed(figure, height=26 * len(groups) + 110, above=24)
    names = list(groups)
    figure.add_vrect(-poor, poor, fillcolor=BAND, line_width=0, layer="below")
    figure.add_vline(0, line={"color": INK, "width": 1, "dash": "dash"})
    figure.add_scatter(
        showlegend=False,
        x=[estimate.value for estimate in groups.values()],
        y=names,
        mode="markers",
        marker={"color": BLUE, "size": 9},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [estimate.high - estimate.value for estimate in groups.values()],
            "arrayminus": [estimate.value - estimate.low for estimate in groups.values()],
            "color": BLUE,
            "thickness": 1.5,
            "width": 4,
        },
        hovertemplate="%{y}: %{x:.2f}<extra></extra>",
    )
    figure.update_xaxes(title_text="Spearman's rho of accuracy and latency, 95 % interval", range=[-1, 1], dtick=0.25)
    figure.update_yaxes(range=[len(names) - 0.5, -0.5], showgrid=False, categoryorder="array", categoryarray=names)
    return figure

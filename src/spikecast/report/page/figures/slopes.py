"""Accuracy or latency against slope: one panel per surrogate, one curve per neuron, a band over seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from spikecast.report.page.figures.panels import surrogate_panels
from spikecast.report.page.frame import pale
from spikecast.report.page.looks import NEURON_MARKS

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def slope_figure(sweep: pd.DataFrame, quantity: str) -> Figure:
    """Draw a slope sweep.

    Args:
        sweep: the rows to draw; columns surrogate, neuron, slope, status and the quantity.
        quantity: ``accuracy`` or ``latency_cycles``.
    """
    figure, places = surrogate_panels(set(sweep["surrogate"]))
    for surrogate, place in places.items():
        for neuron in NEURON_MARKS:
            curve = sweep[(sweep["surrogate"] == surrogate) & (sweep["neuron"] == neuron)]
            if not curve.empty:
                _draw(figure, place, neuron, curve, quantity)
    if quantity == "accuracy":
        figure.update_yaxes(tickformat=".0%", range=[0, 1])
        figure.update_yaxes(col=1, title_text="accuracy")
    else:
        figure.update_yaxes(tickformat="~s", rangemode="tozero")
        figure.update_yaxes(col=1, title_text="latency, cycles")
    return figure


def _draw(figure: Figure, place: dict[str, int], neuron: str, curve: pd.DataFrame, quantity: str) -> None:
    """One curve: the mean over seeds, filled where all are ok, in a band from the lowest seed to the highest."""
    seeds = curve.groupby("slope")
    low, mean, high = (seeds[quantity].agg(how) for how in ("min", "mean", "max"))
    ok = seeds["status"].agg(lambda status: bool((status == "ok").all()))
    mark, form = NEURON_MARKS[neuron], ".1%" if quantity == "accuracy" else ",.0f"
    first = not any(drawn.name == neuron for drawn in figure.data)
    edge = {"mode": "lines", "line_width": 0, "hoverinfo": "skip", "showlegend": False, "legendgroup": neuron}
    figure.add_scatter(**place, **edge, x=high.index, y=high)
    figure.add_scatter(**place, **edge, x=low.index, y=low, fill="tonexty", fillcolor=pale(mark.colour, 0.18))
    figure.add_scatter(
        **place,
        name=neuron,
        legendgroup=neuron,
        showlegend=first,
        x=mean.index,
        y=mean,
        mode="lines+markers",
        line={"color": mark.colour, "width": 2, "dash": mark.dash},
        marker={
            "symbol": [mark.symbol if good else f"{mark.symbol}-open" for good in ok],
            "size": 8,
            "color": mark.colour,
        },
        hovertemplate=f"{neuron}, slope %{{x:.3g}}: %{{y:{form}}}<extra></extra>",
    )

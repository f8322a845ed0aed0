"""Two kinds of network: their latencies by accuracy, and the ratio of matched pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from spikecast.report.look import INK
from spikecast.report.page.frame import framed, legend_above
from spikecast.report.page.looks import NEURON_MARKS
from spikecast.study.matched import Matched

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

#: Width of an accuracy class, 0..1, and fewest pairs for which its spread is drawn.
_CLASS, _FEWEST = 0.05, 10
_QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95]


def matched_figure(table: pd.DataFrame, pairs: Matched, useful: float) -> Figure:
    """Draw the configurations of both neurons, and the spread of the latency ratio by accuracy.

    Args:
        table: ok configurations of one context.
        pairs: lapicque matched to leaky, at any accuracy.
        useful: accuracy, 0..1, from which networks are of use.
    """
    from plotly.subplots import make_subplots

    figure = make_subplots(
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
            marker={"symbol": mark.symbol, "color": mark.colour, "size": 7, "opacity": 0.6},
            hovertemplate=f"{neuron}: %{{x:.1%}}, %{{y:,.0f}} cycles<extra></extra>",
        )
    classes = pd.Series(pairs.ratio).groupby(np.floor(pairs.accuracy / _CLASS + 1e-9))
    spread = classes.quantile(np.array(_QUANTILES)).unstack()[classes.size() >= _FEWEST]
    figure.add_box(
        row=1,
        col=2,
        showlegend=False,
        x=(spread.index + 0.5) * _CLASS,
        lowerfence=spread[0.05],
        q1=spread[0.25],
        median=spread[0.5],
        q3=spread[0.75],
        upperfence=spread[0.95],
        width=0.7 * _CLASS,
        line={"color": NEURON_MARKS["lapicque"].colour, "width": 1.5},
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

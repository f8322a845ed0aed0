"""Sparsity of every layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from spikecast.report.page.frame import framed, legend_above, pale
from spikecast.report.page.looks import NEURON_MARKS
from spikecast.study.configurations import layer_columns

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95]


def layer_figure(table: pd.DataFrame) -> Figure:
    """Draw each layer's sparsity over configurations, by neuron: quartiles, and 5 to 95 per cent.

    Args:
        table: ok configurations of one architecture.
    """
    from plotly.graph_objects import Figure

    figure = Figure()
    framed(figure, height=460)
    figure.update_layout(legend=legend_above(1), boxmode="group")
    measured = [name for name in layer_columns(table) if table[name].notna().any()]
    for neuron, mark in NEURON_MARKS.items():
        part = table.loc[table["neuron"] == neuron, measured]
        if part.empty:
            continue
        spread = part.quantile(_QUANTILES)
        figure.add_box(
            name=neuron,
            x=[name.removeprefix("sparsity_") for name in measured],
            lowerfence=spread.loc[0.05],
            q1=spread.loc[0.25],
            median=spread.loc[0.5],
            q3=spread.loc[0.75],
            upperfence=spread.loc[0.95],
            line={"color": mark.colour, "width": 1.5},
            fillcolor=pale(mark.colour, 0.25),
        )
    figure.update_xaxes(title_text="layer", showgrid=False)
    figure.update_yaxes(title_text="sparsity, share without a spike", tickformat=".0%")
    return figure

"""How sparse every layer is, by neuron and by network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from spikecast.choices import network_name
from spikecast.report.look import NEURON_MARKS, empty_figure, pale
from spikecast.report.page.content import Column, Picture, Section, Table, context_line, left_out
from spikecast.report.page.frame import framed, legend_above
from spikecast.study.contexts import FEWEST_CONFIGURATIONS
from spikecast.study.counts import layer_sparsity
from spikecast.study.study import Study
from spikecast.study.tables import layer_columns, ok_only

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

TITLE = "Sparsity per layer"


def section(study: Study) -> Section:
    """The section of the page, or which rows are missing for it."""
    if not study.contexts:
        return Section(
            "layers",
            TITLE,
            missing=(
                f"No {FEWEST_CONFIGURATIONS} ok configurations differ in surrogate and neuron alone: "
                "spikecast characterize --space spaces/first.yaml",
            ),
        )
    context = study.contexts[0]
    rows = study.rows[study.rows["config_key"].isin(context.table["config_key"])]
    ordered = layer_sparsity(context.ok).sort_values("median").to_dict("records")
    densest, sparsest = ordered[0], ordered[-1]
    return Section(
        "layers",
        TITLE,
        (f"Boxes hold half of the configurations, whiskers nine in ten. Drawn: {context_line(context)}.",),
        (
            Picture(
                "layers",
                "Sparsity of every layer",
                f"{densest['layer']} fires most, with a median sparsity of {densest['median']:.1%} (nine in ten "
                f"configurations {densest['low']:.1%} to {densest['high']:.1%}), {sparsest['layer']} least with "
                f"{sparsest['median']:.1%}.",
                left_out(rows, rows["status"] == "ok"),
                layer_figure(context.ok),
            ),
            _table(study),
        ),
    )


def _table(study: Study) -> Table:
    groups = [
        (str(dataset), str(architecture), group)
        for (dataset, architecture), group in ok_only(study.table).groupby(["dataset", "architecture"])
        if len(group) >= FEWEST_CONFIGURATIONS
    ]
    return Table(
        "layers",
        "Median sparsity of every layer, by data set and network, ok configurations",
        (
            Column("dataset", "data set"),
            Column("network", "network"),
            Column("configurations", "configurations", ",d"),
            Column("sparsity", "whole network", ".1%"),
            Column("told", "layers"),
        ),
        tuple(
            {
                "dataset": dataset,
                "network": network_name(dataset, architecture),
                "configurations": len(group),
                "sparsity": group["sparsity"].median(),
                "told": ", ".join(
                    f"{layer} {median:.1%}" for layer, median in zip(of["layer"], of["median"], strict=True)
                ),
                "layers": of.to_dict("records"),
            }
            for dataset, architecture, group in groups
            for of in [layer_sparsity(group)]
        ),
        folded=True,
    )


_QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95]


def layer_figure(table: pd.DataFrame) -> Figure:
    """Draw each layer's sparsity over configurations, by neuron: quartiles, and 5 to 95 per cent.

    Args:
        table: ok configurations of one architecture.
    """
    figure = empty_figure()
    framed(figure, height=460)
    figure.update_layout(legend=legend_above(1), boxmode="group")
    measured = [name for name in layer_columns(table) if table[name].notna().any()]
    for neuron, mark in NEURON_MARKS.items():
        part = table.loc[table["neuron"] == neuron, measured]
        if part.empty:
            continue
        quantiles = part.quantile(_QUANTILES)
        figure.add_box(
            name=neuron,
            x=[name.removeprefix("sparsity_") for name in measured],
            lowerfence=quantiles.loc[0.05],
            q1=quantiles.loc[0.25],
            median=quantiles.loc[0.5],
            q3=quantiles.loc[0.75],
            upperfence=quantiles.loc[0.95],
            line={"color": mark.color, "width": 1.5},
            fillcolor=pale(mark.color, 0.25),
        )
    figure.update_xaxes(title_text="layer", showgrid=False)
    figure.update_yaxes(title_text="sparsity, share without a spike", tickformat=".0%")
    return figure

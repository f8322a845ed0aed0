"""Sparsity per layer."""

from __future__ import annotations

from spikecast.network_name import network_name
from spikecast.report.page.figures.layers import layer_figure
from spikecast.report.page.left_out import left_out
from spikecast.report.page.parts import Column, Picture, Section, Table
from spikecast.report.page.sections.context_line import context_line
from spikecast.study.configurations import ok_only
from spikecast.study.contexts import FEWEST_CONFIGURATIONS
from spikecast.study.layer_sparsity import layer_sparsity
from spikecast.study.study import Study

TITLE = "Sparsity per layer"


def section(study: Study) -> Section:
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
    spread = layer_sparsity(context.ok)
    ordered = spread.sort_values("median").to_dict("records")
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

"""The best choices: accuracy and latency of every configuration, and the front that no other beats."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from spikecast.advise import front
from spikecast.choices import network_name
from spikecast.report.look import INK, SURROGATE_MARKS, empty_figure, in_words, logarithmic
from spikecast.report.page.content import Column, Picture, Section, Table, left_out, numbered
from spikecast.report.page.frame import framed, legend_above
from spikecast.study.contexts import FEWEST_CONFIGURATIONS
from spikecast.study.study import Study
from spikecast.study.tables import USEFUL_SHARE, ok_only
from spikecast.wording import studied

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

#: Accuracy, 0..1, that may be given up for speed.
NEAR = 0.02


def section(study: Study) -> Section:
    """The section of the page, or which rows are missing for it."""
    ok = ok_only(study.table)
    comparable = ["dataset", "hardware_description"]
    groups = [(kind, group) for kind, group in ok.groupby(comparable) if len(group) >= FEWEST_CONFIGURATIONS]
    groups.sort(key=lambda pair: -len(pair[1]))
    rows = dict(list(study.rows.groupby(comparable)))
    names = numbered(f"{dataset} on {group['hardware'].iloc[0]}" for (dataset, _), group in groups)
    parts = [
        part for name, (kind, group) in zip(names, groups, strict=True) for part in _of_dataset(name, rows[kind], group)
    ]
    return Section(
        "pareto",
        "The best choices: accuracy against latency",
        (
            "A configuration is on the front if no other is as accurate at lower latency; every choice is free, "
            f"network and timesteps included. Named are those with {USEFUL_SHARE:.0%} of the best accuracy or more. "
            "They were picked on the recordings that they are judged by: on others they will do a little worse.",
        ),
        tuple(parts),
        () if parts else (f"No data set has {FEWEST_CONFIGURATIONS} ok configurations: spaces/first.yaml makes them",),
    )


def _of_dataset(name: str, rows: pd.DataFrame, ok: pd.DataFrame) -> tuple[Picture, Table]:
    best = front(ok, ok["latency_cycles"])
    named = best[best["accuracy"] >= USEFUL_SHARE * best["accuracy"].max()]
    slug = re.sub(r"[^\w.-]+", "-", name)
    return (
        Picture(
            f"pareto-{slug}",
            f"Accuracy and latency, {name}",
            _takeaway(named),
            left_out(rows, rows["status"] == "ok") + " Numbers are those of the table.",
            pareto_figure(ok, best, named),
        ),
        Table(
            f"front-{slug}",
            f"The front, {name}, from the fastest to the most accurate",
            (
                Column("number", "", "d"),
                Column("choices", "choices"),
                Column("network", "network"),
                Column("timesteps", "timesteps", "d"),
                Column("weight_bits", "weight bits", "d"),
                Column("accuracy", "accuracy", ".1%"),
                Column("latency_cycles", "latency, cycles", ",.0f"),
                Column("sparsity", "sparsity", ".1%"),
                Column("ok_seeds", "seeds", "d"),
            ),
            tuple(
                {
                    "number": number,
                    "choices": in_words(studied(row)),
                    "network": network_name(row["dataset"], row["architecture"]),
                    "config_key": row["config_key"],
                    **{name: row[name] for name in ("timesteps", "weight_bits", "accuracy", "latency_cycles")},
                    **{name: row[name] for name in ("sparsity", "ok_seeds")},
                }
                for number, row in enumerate(named.to_dict("records"), start=1)
            ),
        ),
    )


def _takeaway(named: pd.DataFrame) -> str:
    best = named.iloc[-1].to_dict()
    near = named[named["accuracy"] >= best["accuracy"] - NEAR].iloc[0].to_dict()
    said = f"The most accurate, {in_words(studied(best))}, has {best['accuracy']:.1%} at {best['latency_cycles']:,.0f} "
    if near["config_key"] == best["config_key"]:
        return f"{said}cycles; nothing within {100 * NEAR:.0f} points of it is faster."
    return (
        f"{said}cycles; {in_words(studied(near))} gives up {100 * (best['accuracy'] - near['accuracy']):.1f} points "
        f"and takes {near['latency_cycles']:,.0f} cycles, {best['latency_cycles'] / near['latency_cycles']:.1f} times "
        "fewer."
    )


def pareto_figure(table: pd.DataFrame, front: pd.DataFrame, numbered: pd.DataFrame) -> Figure:
    """Draw configurations by surrogate, the front as a line, and numbers, from 1, at those of it that are named.

    Args:
        table: ok configurations.
        front: those of the front, by rising latency.
        numbered: those of the front that a table names, in its order.
    """
    figure = empty_figure()
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
            marker={"symbol": mark.symbol, "color": mark.color, "size": 7, "opacity": 0.55},
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

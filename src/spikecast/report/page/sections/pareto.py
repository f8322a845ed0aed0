"""The Pareto front of accuracy and latency."""

from __future__ import annotations

import re

import pandas as pd

from spikecast.front import front
from spikecast.network_name import network_name
from spikecast.report.page.figures.pareto import pareto_figure
from spikecast.report.page.left_out import left_out
from spikecast.report.page.looks import in_words
from spikecast.report.page.numbered import numbered
from spikecast.report.page.parts import Column, Picture, Section, Table
from spikecast.study.configurations import USEFUL_SHARE, ok_only
from spikecast.study.contexts import FEWEST_CONFIGURATIONS
from spikecast.study.study import Study
from spikecast.study.telling import studied

#: Accuracy, 0..1, that one might give up for speed.
NEAR = 0.02


def section(study: Study) -> Section:
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

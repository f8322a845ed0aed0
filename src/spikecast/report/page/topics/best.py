"""Which slope, beta and threshold to choose by default."""

from __future__ import annotations

import pandas as pd

from spikecast.neurons import DEFAULTS
from spikecast.report.look import in_words
from spikecast.report.page.content import Column, Section, Table
from spikecast.study.defaults import best_choices
from spikecast.study.study import Study
from spikecast.surrogates import SURROGATES

_EVIDENCE = (
    Column("accuracy", "accuracy", ".1%"),
    Column("latency_cycles", "latency, cycles", ",.0f"),
    Column("rows", "rows", "d"),
    Column("standard_error", "standard error", ".1%"),
    Column("tied", "as good", "d"),
    Column("candidates", "candidates", "d"),
    Column("left_out", "left out", "d"),
    Column("best_accuracy", "most accurate", ".1%"),
    Column("best_latency_cycles", "its latency, cycles", ",.0f"),
)


def section(study: Study) -> Section:
    """The section of the page, or which rows are missing for it."""
    parts, missing = [], []
    if study.sweep.empty:
        missing.append("No rows vary surrogate and slope alone: spikecast characterize --space spaces/phase1.yaml")
    else:
        parts.append(_slopes(study.sweep))
    if study.grids:
        parts.append(_neurons(pd.concat([grid.rows for grid in study.grids])))
    else:
        missing.append("No rows fill a grid of beta and threshold: spikecast characterize --space spaces/phase2.yaml")
    return Section(
        "best",
        "Which slope, beta and threshold to choose",
        (
            "The rule: the highest mean accuracy; of candidates less than one standard error below it, the lowest mean "
            "latency. Slopes are averaged over neurons, beta and threshold over surrogates. A candidate with a row "
            "that is not ok, or that was measured less often than others, is left out.",
        ),
        tuple(parts),
        tuple(missing),
    )


def _slopes(sweep: pd.DataFrame) -> Table:
    table = best_choices(sweep, "surrogate", ["slope"])
    table["now"] = [SURROGATES[name].default_slope for name in table["surrogate"]]
    table["surrogate"] = table["surrogate"].map(in_words)
    return Table(
        "best-slopes",
        "Best slope of every surrogate",
        (
            Column("surrogate", "surrogate"),
            Column("slope", "slope", "g"),
            Column("now", "default now", "g"),
            *_EVIDENCE,
        ),
        tuple(table.to_dict("records")),
    )


def _neurons(rows: pd.DataFrame) -> Table:
    table = best_choices(rows, "neuron", ["beta", "threshold"])
    now = [DEFAULTS[name] for name in table["neuron"]]
    table["beta_now"] = [neuron.beta for neuron in now]
    table["threshold_now"] = [neuron.threshold for neuron in now]
    return Table(
        "best-neurons",
        "Best beta and threshold of every neuron",
        (
            Column("neuron", "neuron"),
            Column("beta", "beta", "g"),
            Column("beta_now", "default now", "g"),
            Column("threshold", "threshold", "g"),
            Column("threshold_now", "default now", "g"),
            *_EVIDENCE,
        ),
        tuple(table.to_dict("records")),
    )

"""Which choices fail."""

from __future__ import annotations

import pandas as pd

from spikecast.datasets import dataset_of
from spikecast.report.page.figures.outcomes import outcome_figure, share_figure
from spikecast.report.page.looks import in_words
from spikecast.report.page.parts import Column, Picture, Section, Table
from spikecast.rows import STATUSES
from spikecast.study.contexts import usual_dataset
from spikecast.study.membrane import with_membrane
from spikecast.study.outcomes import CHANCE_MULTIPLE, near_chance, outcome_counts
from spikecast.study.study import Study


def section(study: Study) -> Section:
    every = study.rows
    total = every["status"].value_counts()
    guessing = sum(near_chance(group, dataset_of(str(name)).classes) for name, group in every.groupby("dataset"))
    told = ", ".join(f"{total[status]:,} {status}" for status in STATUSES if status in total)
    # What fails on one data set need not fail on another.
    dataset = usual_dataset(every)
    rows = with_membrane(every[every["dataset"] == dataset])
    counts = outcome_counts(rows, ["surrogate", "neuron"])
    beside = f"Left out: {len(every) - len(rows):,} rows of other data sets. Networks of any architecture are in it."
    return Section(
        "outcomes",
        "Which choices fail",
        (
            f"Of {len(every):,} rows {told}. A network that is ok uses more than one class, no more: {guessing:,} ok "
            f"rows have an accuracy of {CHANCE_MULTIPLE:g} times guessing or less.",
            "Threshold at gain 1: the threshold over what one spike of weight 1 adds to the membrane, which is 1 for a "
            "leaky neuron and ln(1 / beta) for a lapicque neuron.",
        ),
        (
            Picture(
                "outcome-shares",
                f"Outcomes on {dataset} by surrogate and neuron",
                _worst(counts),
                beside,
                share_figure(counts),
            ),
            Picture(
                "outcome-map",
                f"Outcomes on {dataset} over slope and threshold at gain 1",
                _where(rows),
                beside,
                outcome_figure(rows),
            ),
            Table(
                "outcomes",
                f"Rows on {dataset} by surrogate, neuron and outcome",
                (
                    Column("surrogate", "surrogate"),
                    Column("neuron", "neuron"),
                    *(Column(status, status, ",d") for status in STATUSES),
                ),
                tuple(
                    counts.reset_index()
                    .assign(surrogate=lambda made: made["surrogate"].map(in_words))
                    .to_dict("records")
                ),
                folded=True,
            ),
        ),
    )


def _worst(counts: pd.DataFrame) -> str:
    failing = 1 - counts["ok"] / counts.sum(axis=1)
    surrogate, neuron = failing.index[int(failing.argmax())]
    share, safe = failing.max(), (failing == 0).sum()
    return (
        f"{in_words(surrogate).capitalize()} with {neuron} neurons fails most, in {share:.0%} of its rows; "
        f"{safe} of {len(counts)} combinations never fail."
    )


def _where(rows: pd.DataFrame) -> str:
    medians = rows.groupby("status")["effective_threshold"].median()
    told = ", ".join(f"{medians[status]:.2g} of {status} rows" for status in STATUSES if status in medians)
    return f"Median threshold at gain 1: {told}."

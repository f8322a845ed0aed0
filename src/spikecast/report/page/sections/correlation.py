"""Does accuracy tell latency?"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from spikecast.report.page.figures.correlations import correlation_figure
from spikecast.report.page.left_out import left_out
from spikecast.report.page.looks import in_words
from spikecast.report.page.numbered import numbered
from spikecast.report.page.parts import Column, Picture, Section, Table
from spikecast.report.page.sections.context_line import context_line
from spikecast.study.claims.poor_predictor import POOR
from spikecast.study.configurations import ok_only
from spikecast.study.contexts import FEWEST_CONFIGURATIONS
from spikecast.study.correlation import accuracy_latency_correlation
from spikecast.study.study import Study

TITLE = "Does accuracy tell latency?"


def section(study: Study) -> Section:
    named = list(_groups(study))
    groups = dict(zip(numbered(name for name, _ in named), (group for _, group in named), strict=True))
    if not groups:
        return Section(
            "correlation",
            TITLE,
            missing=(f"No group has {FEWEST_CONFIGURATIONS} ok configurations: spaces/first.yaml makes them",),
        )
    found = {name: accuracy_latency_correlation(group) for name, group in groups.items()}
    poor = sum(1 for estimate in found.values() if max(abs(estimate.low), abs(estimate.high)) < POOR)
    (first, whole), *_ = found.items()
    return Section(
        "correlation",
        TITLE,
        (
            "Spearman's rank correlation over ok configurations, seeds averaged. Negative: the more accurate are the "
            f"faster. Shaded: weaker than {POOR:g}, which counts as poor.",
        ),
        (
            Picture(
                "correlation",
                "Rank correlation of accuracy and latency",
                f"Over {first} rho is {whole.value:.2f} ({whole.low:.2f} to {whole.high:.2f}); in {poor} of "
                f"{len(found)} groups its whole interval is weaker than {POOR:g}.",
                left_out(study.rows, study.rows["status"] == "ok"),
                correlation_figure(found, POOR),
            ),
            Table(
                "correlation",
                "Spearman's rho of accuracy and latency, with 95 % intervals",
                (
                    Column("group", "over"),
                    Column("configurations", "configurations", ",d"),
                    Column("rho", "rho", ".2f"),
                ),
                tuple(
                    {"group": name, "configurations": len(groups[name]), "rho": estimate}
                    for name, estimate in found.items()
                ),
                folded=True,
            ),
        ),
    )


def _groups(study: Study) -> Iterator[tuple[str, pd.DataFrame]]:
    """Named groups of enough ok configurations: contexts, the largest also in parts, then whole data sets."""
    for number, context in enumerate(study.contexts):
        yield context_line(context), context.ok
        for choice in ("surrogate", "neuron") if number == 0 else ():
            for value, part in context.ok.groupby(choice):
                if len(part) >= FEWEST_CONFIGURATIONS:
                    yield f"of these, {in_words(str(value))}", part
    largest = {context.fixed["dataset"]: len(context.ok) for context in reversed(study.contexts)}
    for dataset, group in ok_only(study.table).groupby("dataset"):
        # A data set that is one context stands there already.
        if len(group) >= FEWEST_CONFIGURATIONS and len(group) > largest.get(dataset, 0):
            yield f"all of {dataset}, whatever was chosen", group

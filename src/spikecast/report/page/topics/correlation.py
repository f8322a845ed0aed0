"""Whether accuracy says anything about latency: their rank correlations with intervals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from spikecast.report.look import BAND, BLUE, INK, empty_figure, in_words
from spikecast.report.page.content import Column, Picture, Section, Table, context_line, left_out, numbered
from spikecast.report.page.frame import framed
from spikecast.study.claims.accuracy import POOR
from spikecast.study.contexts import FEWEST_CONFIGURATIONS
from spikecast.study.statistics import Estimate, accuracy_latency_correlation
from spikecast.study.study import Study
from spikecast.study.tables import ok_only

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

TITLE = "Does accuracy tell latency?"


def section(study: Study) -> Section:
    """The section of the page, or which rows are missing for it."""
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


def correlation_figure(groups: dict[str, Estimate], poor: float) -> Figure:
    """Draw one line per group, the first on top; between -``poor`` and ``poor`` a correlation counts as poor."""
    figure = empty_figure()
    framed(figure, height=26 * len(groups) + 110, above=24)
    names = list(groups)
    figure.add_vrect(-poor, poor, fillcolor=BAND, line_width=0, layer="below")
    figure.add_vline(0, line={"color": INK, "width": 1, "dash": "dash"})
    figure.add_scatter(
        showlegend=False,
        x=[estimate.value for estimate in groups.values()],
        y=names,
        mode="markers",
        marker={"color": BLUE, "size": 9},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [estimate.high - estimate.value for estimate in groups.values()],
            "arrayminus": [estimate.value - estimate.low for estimate in groups.values()],
            "color": BLUE,
            "thickness": 1.5,
            "width": 4,
        },
        hovertemplate="%{y}: %{x:.2f}<extra></extra>",
    )
    figure.update_xaxes(title_text="Spearman's rho of accuracy and latency, 95 % interval", range=[-1, 1], dtick=0.25)
    figure.update_yaxes(range=[len(names) - 0.5, -0.5], showgrid=False, categoryorder="array", categoryarray=names)
    return figure

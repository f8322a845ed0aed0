"""Maps over beta and threshold."""

from __future__ import annotations

import pandas as pd

from spikecast.report.page.figures.grids import grid_figure
from spikecast.report.page.left_out import left_out
from spikecast.report.page.looks import in_words
from spikecast.report.page.parts import Picture, Section
from spikecast.report.page.sections.context_line import network_line
from spikecast.study.configurations import configurations, most_accurate, ok_only
from spikecast.study.study import Study
from spikecast.study.telling import studied

TITLE = "What the neuron's beta and threshold do"


def section(study: Study) -> Section:
    if not study.grids:
        return Section(
            "grids",
            TITLE,
            missing=("No rows fill a grid of beta and threshold: spikecast characterize --space spaces/phase2.yaml",),
        )
    rows = pd.concat([grid.rows for grid in study.grids])
    return Section(
        "grids",
        TITLE,
        (
            f"Networks are {network_line(rows)}. Everything but beta and threshold is the same within a line of maps. "
            "A cell is the mean over its seeds with status ok; the maps on the right say what became of the others.",
        ),
        (
            Picture(
                "grids",
                "Accuracy, latency and outcome over beta and threshold",
                _takeaway(rows),
                left_out(rows, rows["status"] == "ok").replace("Left out", "Without accuracy and latency"),
                grid_figure(study.grids),
            ),
        ),
    )


def _takeaway(rows: pd.DataFrame) -> str:
    table = ok_only(configurations(rows))
    best = most_accurate(table)
    ends = table.groupby(["neuron", "surrogate", "slope", "alpha", "beta"]).apply(_from_lowest_to_highest_threshold)
    return (
        f"The most accurate is {in_words(studied(best))} with {best['accuracy']:.1%}; from the lowest threshold that "
        f"works to the highest, latency changes by {100 * (ends.median() - 1):+.0f} % in the median."
    )


def _from_lowest_to_highest_threshold(line: pd.DataFrame) -> float:
    ordered = line.sort_values("threshold")["latency_cycles"]
    return float(ordered.iloc[-1] / ordered.iloc[0])

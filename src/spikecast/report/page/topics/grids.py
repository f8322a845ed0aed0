"""What the neuron's beta and threshold do: maps of accuracy, latency and outcome by neuron and surrogate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from spikecast.report.look import BLUE, STATUS_MARKS, VERMILION, in_words, panels
from spikecast.report.page.content import Picture, Section, left_out, network_line
from spikecast.report.page.frame import framed, legend_above
from spikecast.rows import STATUSES
from spikecast.study.designs import NeuronGrid
from spikecast.study.study import Study
from spikecast.study.tables import configurations, most_accurate, ok_only
from spikecast.wording import studied

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

TITLE = "What the neuron's beta and threshold do"


def section(study: Study) -> Section:
    """The section of the page, or which rows are missing for it."""
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


_PANEL = 300
_PANELS = ("accuracy, %", "latency, thousand cycles", "outcome")
#: From pale to full; cells with dark colors have white text, which plotly chooses.
_SCALES = ([[0, "#f3f7fb"], [1, BLUE]], [[0, "#fdf4ee"], [1, VERMILION]])


def grid_figure(grids: list[NeuronGrid]) -> Figure:
    """Draw accuracy, latency and outcome of every grid; cells are means over ok seeds, blank where there is none."""
    figure = panels(
        rows=len(grids),
        cols=3,
        subplot_titles=[f"{name}: {panel}" for name in _names(grids) for panel in _PANELS],
        horizontal_spacing=0.06,
        vertical_spacing=0.28 / len(grids),
    )
    framed(figure, height=_PANEL * len(grids) + 100, above=76)
    figure.update_layout(legend=legend_above(1 + 26 / (_PANEL * len(grids))))
    tables = [configurations(grid.rows) for grid in grids]
    together = pd.concat(tables)
    for row, table in enumerate(tables, start=1):
        for col, (name, factor) in enumerate((("accuracy", 100), ("latency_cycles", 1e-3)), start=1):
            values = table.assign(value=table[name] * factor).pivot(index="beta", columns="threshold", values="value")
            _add_map(
                figure,
                row,
                col,
                values,
                texttemplate="%{z:.0f}",
                zmin=factor * together[name].min(),
                zmax=factor * together[name].max(),
                colorscale=_SCALES[col - 1],
            )
        _add_outcomes(figure, row, table)
        figure.update_yaxes(row=row, col=1, title_text="beta")
    _add_legend(figure, set(together["status"]))
    figure.update_xaxes(row=len(grids), title_text="threshold")
    figure.update_xaxes(type="category", showgrid=False, ticks="")
    figure.update_yaxes(type="category", showgrid=False, ticks="")
    return figure


def _names(grids: list[NeuronGrid]) -> list[str]:
    """Neuron and surrogate of every grid, and slope and alpha where several have those in common."""
    short = [f"{grid.neuron}, {in_words(grid.surrogate)}" for grid in grids]
    return [
        f"{name} {grid.slope:g}, alpha {grid.alpha:g}" if short.count(name) > 1 else name
        for name, grid in zip(short, grids, strict=True)
    ]


def _add_outcomes(figure: Figure, row: int, table: pd.DataFrame) -> None:
    """Every status has its color and its first letter; ok has no letter."""
    codes = table.assign(code=table["status"].map(STATUSES.index))
    values = codes.pivot(index="beta", columns="threshold", values="code")
    steps = [[(i + j) / len(STATUSES), STATUS_MARKS[name].color] for i, name in enumerate(STATUSES) for j in (0, 1)]
    letters = values.map(lambda code: "" if pd.isna(code) or code == 0 else STATUSES[int(code)][0])
    _add_map(
        figure,
        row,
        3,
        values,
        text=letters.to_numpy(),
        texttemplate="%{text}",
        customdata=values.map(lambda code: "not tried" if pd.isna(code) else STATUSES[int(code)]).to_numpy(),
        hover="%{customdata}",
        zmin=-0.5,
        zmax=len(STATUSES) - 0.5,
        colorscale=steps,
    )


def _add_legend(figure: Figure, found: set[str]) -> None:
    for status in STATUSES:
        if status in found:
            figure.add_scatter(
                row=1,
                col=3,
                x=[None],
                y=[None],
                name=status if status == "ok" else f"{status} ({status[0]})",
                mode="markers",
                marker={"symbol": "square", "size": 12, "color": STATUS_MARKS[status].color},
            )


def _add_map(figure: Figure, row: int, col: int, values: pd.DataFrame, hover: str = "%{z:.1f}", **look: Any) -> None:
    figure.add_heatmap(
        row=row,
        col=col,
        x=[f"{threshold:g}" for threshold in values.columns],
        y=[f"{beta:g}" for beta in values.index],
        z=values.to_numpy(),
        xgap=2,
        ygap=2,
        showscale=False,
        hovertemplate="beta %{y}, threshold %{x}: " + hover + "<extra></extra>",
        textfont_size=11,
        **look,
    )

"""The predicted front of accuracy against what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spikecast.advise.pareto import ParetoFront
from spikecast.advise.wording import choices_in_words, network_in_words
from spikecast.report.advice_figures.interval_bars import interval_bars
from spikecast.report.advice_figures.target_axes import TARGET_AXES
from spikecast.report.look import BLUE, INK, QUIET, legend, logarithmic, styled

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

#: Sparsities with a tick; their axis is logarithmic in what they lack to 1.
_SPARSITIES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999)
#: Digits of every decade with a tick, of other costs.
_DIGITS = (1, 1.5, 2, 3, 5, 7)


def pareto_figure(found: ParetoFront, numbered: int) -> Figure:
    """Draw the front, at most ``numbered`` points of it with numbers and intervals, and measured configurations.

    The numbered points are ``found.points(numbered)`` in their order.
    """
    from plotly.graph_objects import Figure

    column, points = found.objective.column, found.points(numbered)
    axis = TARGET_AXES[column]
    hover = f"%{{customdata[0]}}<br>%{{y:.1%}}, {axis.title} %{{customdata[1]:{axis.number}}}<extra></extra>"
    name = axis.title.split(",")[0]
    behind = "measured networks scatter around what is predicted"
    if found.measured.empty:
        behind = f"measured networks are not shown: their {name} was not measured on {found.hardware}"
    network = network_in_words(found.front.iloc[0].to_dict())
    figure = Figure()
    styled(
        figure,
        f"Accuracy against {name}: what no candidate is predicted to beat",
        f"{network}, on {found.hardware}; {len(found.front)} of {found.tried:,} candidates, "
        f"all inside what was measured<br>bars are 90 % intervals; {behind}",
        height=680,
        above=140,
        below=70,
    )
    figure.update_layout(legend=legend(y=1), hovermode="closest")
    figure.add_scatter(
        name="measured, mean over seeds",
        visible=not found.measured.empty,
        x=[] if found.measured.empty else found.objective.cost(found.measured),
        y=found.measured["accuracy"],
        mode="markers",
        marker={"size": 5, "color": QUIET, "opacity": 0.35},
        customdata=[("measured", value) for value in found.measured[column]],
        hovertemplate=hover,
    )
    figure.add_scatter(
        name="predicted front",
        x=found.objective.cost(found.front),
        y=found.front["accuracy"],
        mode="lines",
        line={"color": BLUE, "width": 2, "shape": "hv"},
        hoverinfo="skip",
    )
    figure.add_scatter(
        showlegend=False,
        x=found.objective.cost(points),
        y=points["accuracy"],
        error_x=_cost_bars(points, found),
        error_y=interval_bars(points, "accuracy"),
        mode="markers+text",
        marker={"size": 18, "color": "white", "opacity": 1, "line": {"color": INK, "width": 1.5}},
        text=[f"{number}" for number in range(1, len(points) + 1)],
        textfont_size=11,
        customdata=[(choices_in_words(row), row[column]) for row in points.to_dict("records")],
        hovertemplate=hover,
    )
    figure.update_xaxes(**_cost_axis(found))
    figure.update_yaxes(title_text="accuracy", tickformat=".0%", range=[0, 1.03])
    return figure


def _cost_axis(found: ParetoFront) -> dict[str, Any]:
    axis = TARGET_AXES[found.objective.column]
    if found.objective.share:
        return {
            "title_text": f"{axis.title}, logarithmic in what it lacks to 100 %",
            "type": "log",
            "autorange": "reversed",
            "tickvals": [1 - share for share in _SPARSITIES],
            "ticktext": [f"{100 * share:g}%" for share in _SPARSITIES],
        }
    return {"title_text": f"{axis.title}, logarithmic", "tickformat": axis.ticks, **logarithmic(_DIGITS)}


def _cost_bars(points: pd.DataFrame, found: ParetoFront) -> dict[str, Any]:
    bars = interval_bars(points, found.objective.column)
    if found.objective.share:
        # What a share lacks to 1 is least where the share is greatest.
        return bars | {"array": bars["arrayminus"], "arrayminus": bars["array"]}
    return bars

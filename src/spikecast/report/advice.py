"""Pictures of advice: the predicted front of accuracy against a cost, and what one choice does to every target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from spikecast.advise._pareto import ParetoFront
from spikecast.advise._sensitivity import Sweep
from spikecast.advise.axes import LOGARITHMIC, is_number
from spikecast.report.look import BLUE, INK, QUIET, empty_figure, in_words, legend, logarithmic, pale, panels, styled
from spikecast.wording import HEADINGS, choices_in_words, network_in_words

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@dataclass(frozen=True)
class TargetAxis:
    """How plotly writes a target: its title, numbers that the mouse points at, and ticks."""

    title: str
    number: str
    ticks: str


TARGET_AXES = {
    name: TargetAxis(title, number, ticks)
    for name, title, number, ticks in (
        ("accuracy", str(HEADINGS["accuracy"]), ".1%", ".0%"),
        ("sparsity", str(HEADINGS["sparsity"]), ".2%", "~%"),
        ("latency_us", str(HEADINGS["latency_us"]), ",.1f", "~s"),
        ("energy_nj", f"{HEADINGS['energy_nj']} (an estimate)", ",.0f", "~s"),
    )
}
#: Sparsities with a tick; their axis is logarithmic in what they lack to 1.
_SPARSITIES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999)
#: Digits of every decade with a tick, of other costs.
_DIGITS = (1, 1.5, 2, 3, 5, 7)


def pareto_figure(found: ParetoFront, numbered: int) -> Figure:
    """Draw the front, at most ``numbered`` points of it with numbers and intervals, and measured configurations.

    The numbered points are ``found.points(numbered)`` in their order.
    """
    column, points = found.objective.column, found.points(numbered)
    axis = TARGET_AXES[column]
    hover = f"%{{customdata[0]}}<br>%{{y:.1%}}, {axis.title} %{{customdata[1]:{axis.number}}}<extra></extra>"
    name = axis.title.split(",")[0]
    behind = "measured networks scatter around what is predicted"
    if found.measured.empty:
        behind = f"measured networks are not shown: their {name} was not measured on {found.hardware}"
    network = network_in_words(found.front.iloc[0].to_dict())
    figure = empty_figure()
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


#: In pixels.
_PANEL, _ROW, _ABOVE, _BELOW = 300, 34, 130, 70


def sensitivity_figure(sweep: Sweep) -> Figure:
    """Draw every target over the values of the choice that was swept, with its 90 % interval."""
    return _curves(sweep) if is_number(sweep.of) else _dots(sweep)


def _curves(sweep: Sweep) -> Figure:
    """A number: a curve for each target, two beside each other."""
    targets, table = _targets(sweep), sweep.table
    rows = (len(targets) + 1) // 2
    figure = panels(rows=rows, cols=2, vertical_spacing=0.16 * 2 / rows, horizontal_spacing=0.09)
    _style(figure, sweep, "bands", _PANEL * rows)
    axis = logarithmic() if sweep.of in LOGARITHMIC else {}
    for position, target in enumerate(targets):
        where = {"row": position // 2 + 1, "col": position % 2 + 1}
        low, high = table[f"{target}_low"], table[f"{target}_high"]
        figure.add_scatter(
            **where,
            x=np.concatenate([table[sweep.of], table[sweep.of][::-1]]),
            y=np.concatenate([high, low[::-1]]),
            fill="toself",
            fillcolor=pale(BLUE, 0.15),
            line_width=0,
            mode="lines",
            hoverinfo="skip",
        )
        form = TARGET_AXES[target].number
        figure.add_scatter(
            **where,
            x=table[sweep.of],
            y=table[target],
            mode="lines+markers",
            line={"color": BLUE, "width": 2},
            marker=_marker(sweep, size=7),
            customdata=np.column_stack([low, high]),
            hovertemplate=f"{sweep.of} %{{x:.3~g}}<br>%{{y:{form}}}, {_interval(form)}<extra></extra>",
        )
        figure.update_xaxes(**where, title_text=in_words(sweep.of), **axis)
        figure.update_yaxes(**where, title_text=TARGET_AXES[target].title, tickformat=TARGET_AXES[target].ticks)
    return figure


def _dots(sweep: Sweep) -> Figure:
    """Categories: a row for each, where a long name has room, and a column for each target."""
    targets, table = _targets(sweep), sweep.table
    figure = panels(rows=1, cols=len(targets), shared_yaxes=True, horizontal_spacing=0.04)
    _style(figure, sweep, "bars", _ROW * len(table))
    for column, target in enumerate(targets, start=1):
        form = TARGET_AXES[target].number
        figure.add_scatter(
            row=1,
            col=column,
            x=table[target],
            y=table[sweep.of].map(in_words),
            error_x=interval_bars(table, target),
            mode="markers",
            marker=_marker(sweep, size=10),
            customdata=table[[f"{target}_low", f"{target}_high"]],
            hovertemplate=f"%{{y}}<br>%{{x:{form}}}, {_interval(form)}<extra></extra>",
        )
        axis = TARGET_AXES[target]
        figure.update_xaxes(row=1, col=column, title_text=axis.title, tickformat=axis.ticks, nticks=5)
    figure.update_yaxes(type="category", range=[len(table) - 0.5, -0.5])
    return figure


def _targets(sweep: Sweep) -> list[str]:
    """Those that are predicted."""
    return [name for name in TARGET_AXES if name in sweep.table and sweep.table[name].notna().any()]


def _style(figure: Figure, sweep: Sweep, drawn_as: str, height: int) -> None:
    outside = int((~sweep.table["in_domain"]).sum())
    first = sweep.table.iloc[0].to_dict()
    network, fixed = (words(first, leave_out=sweep.varied) for words in (network_in_words, choices_in_words))
    defaults = [in_words(name) for name in sweep.varied if name != sweep.of]
    with_them = f"; {' and '.join(defaults)} as each one's default" if defaults else ""
    hollow = f"; hollow: outside what was measured ({outside} of {len(sweep.table)})" if outside else ""
    subtitle = f"{network}: {fixed}{with_them}<br>on {sweep.hardware}; {drawn_as} are 90 % intervals{hollow}"
    styled(
        figure, f"Effect of {in_words(sweep.of)}", subtitle, height=_ABOVE + height + _BELOW, above=_ABOVE, below=_BELOW
    )
    figure.update_layout(showlegend=False)


def _marker(sweep: Sweep, size: int) -> dict[str, object]:
    fill = np.where(sweep.table["in_domain"], BLUE, "white")
    return {"size": size, "color": fill, "opacity": 1, "line": {"color": BLUE, "width": 1.5}}


def _interval(form: str) -> str:
    return f"%{{customdata[0]:{form}}} to %{{customdata[1]:{form}}}"


def interval_bars(table: pd.DataFrame, target: str) -> dict[str, Any]:
    """An error bar from ``_low`` to ``_high`` of a target's column, in its unit."""
    return {
        "type": "data",
        "symmetric": False,
        "array": table[f"{target}_high"] - table[target],
        "arrayminus": table[target] - table[f"{target}_low"],
        "color": QUIET,
        "thickness": 1.2,
        "width": 4,
    }

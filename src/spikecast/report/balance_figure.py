"""What more cores are worth: latency against the budget of cores."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import TYPE_CHECKING

from spikecast.errors import InputError
from spikecast.report.figure_file import BLUE, GREEN, INK, VERMILION, legend, styled

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

#: Largest value over smallest from which an axis is logarithmic.
_WIDE = 20


def balance_figure(
    budgets: Sequence[int],
    mean_cycles: Sequence[float],
    floor_cycles: float,
    chosen: int,
    proportional_cycles: Sequence[float] | None = None,
) -> Figure:
    """Draw the lowest mean latency that every budget of cores allows.

    Args:
        budgets: cores, all layers together, ascending.
        mean_cycles: lowest mean latency of each budget, in cycles.
        floor_cycles: mean latency that no number of cores goes below, in cycles.
        chosen: the budget to mark, one of ``budgets``.
        proportional_cycles: mean latency of each budget shared out in proportion to work, drawn beside it if given.

    Raises:
        InputError: the lists differ in length, or the chosen budget is not among the budgets.
    """
    from plotly.graph_objects import Figure

    for cycles in (mean_cycles, proportional_cycles):
        if cycles is not None and len(cycles) != len(budgets):
            raise InputError(f"{len(cycles)} latencies for {len(budgets)} budgets of cores: give one for each")
    if chosen not in budgets:
        raise InputError(f"budget {chosen} is not drawn: use one of {', '.join(map(str, budgets))}")
    least = mean_cycles[list(budgets).index(chosen)]

    figure = Figure()
    styled(
        figure,
        f"{chosen:,} cores: {least:,.0f} cycles per inference",
        f"mean latency · {least / floor_cycles:,.2f} times the floor of {floor_cycles:,.0f} cycles, "
        "which no number of cores goes below",
        height=600,
        above=136,
        below=70,
    )
    figure.update_layout(legend=legend(y=1), hovermode="x unified")
    _draw_curve(figure, "best allocation", budgets, mean_cycles, BLUE, dash="solid")
    if proportional_cycles is not None:
        _draw_curve(figure, "in proportion to work", budgets, proportional_cycles, GREEN, dash="dot")
    figure.add_scatter(
        name="chosen budget",
        x=[chosen],
        y=[least],
        mode="markers",
        marker={"symbol": "circle", "size": 14, "color": VERMILION, "line": {"color": "white", "width": 2}},
        hoverinfo="skip",
    )
    figure.add_scatter(
        name="floor",
        x=[min(budgets), max(budgets)],
        y=[floor_cycles, floor_cycles],
        mode="lines",
        line={"color": INK, "width": 2, "dash": "dash"},
        hoverinfo="skip",
    )
    figure.update_xaxes(title_text="cores, all layers together", tickformat=",d", **_scale(budgets))
    drawn = [floor_cycles, *mean_cycles, *(proportional_cycles or ())]
    figure.update_yaxes(title_text="cycles per inference, mean", tickformat="~s", rangemode="tozero", **_scale(drawn))
    return figure


def _draw_curve(
    figure: Figure, name: str, budgets: Sequence[int], cycles: Sequence[float], colour: str, dash: str
) -> None:
    figure.add_scatter(
        name=name,
        x=list(budgets),
        y=list(cycles),
        mode="lines+markers",
        line={"color": colour, "width": 2.5, "dash": dash},
        marker={"size": 6},
        hovertemplate="%{y:,.0f} cycles",
    )


def _scale(values: Sequence[float]) -> dict[str, object]:
    """An axis for these values; a logarithmic one has labels at 1, 2 and 5 of every decade, all that have room."""
    if max(values) < _WIDE * min(values):
        return {"type": "linear"}
    decades = range(floor(log10(min(values))), ceil(log10(max(values))) + 1)
    return {"type": "log", "tickvals": [digit * 10.0**decade for decade in decades for digit in (1, 2, 5)]}

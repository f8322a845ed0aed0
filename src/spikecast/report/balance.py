"""What more cores are worth: latency against the budget of cores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikecast.errors import InputError
from spikecast.report.look import BLUE, GREEN, INK, VERMILION, empty_figure, legend, logarithmic, styled

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

#: Largest value over smallest from which an axis is logarithmic.
_WIDE = 20
#: Budgets up to which each has a dot on its curve.
_FEW = 40


def balance_figure(
    budgets: ArrayLike,
    mean_cycles: ArrayLike,
    floor_cycles: float,
    chosen: int,
    proportional_cycles: ArrayLike | None = None,
) -> Figure:
    """Draw the lowest mean latency that every budget of cores allows.

    Args:
        budgets: int[budgets], cores, all layers together, ascending.
        mean_cycles: float[budgets], lowest mean latency of each in cycles.
        floor_cycles: mean latency that no number of cores goes below, in cycles.
        chosen: the budget to mark, one of ``budgets``.
        proportional_cycles: float[budgets], mean latency of each if it is shared out in proportion to work, in cycles;
            drawn beside the other if given.

    Raises:
        InputError: the lists differ in length, or the chosen budget is not among the budgets.
    """
    cores = np.asarray(budgets)
    curves = {"best allocation": np.asarray(mean_cycles)}
    if proportional_cycles is not None:
        curves["in proportion to work"] = np.asarray(proportional_cycles)
    for cycles in curves.values():
        if cycles.shape != cores.shape:
            raise InputError(f"{cycles.size} latencies for {cores.size} budgets of cores: give one for each")
    if chosen not in cores:
        raise InputError(
            f"{chosen} cores are not among the budgets of {cores.min()} to {cores.max()}: choose one that is"
        )
    least = float(curves["best allocation"][cores == chosen][0])

    figure = empty_figure()
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
    for (name, cycles), color, dash in zip(curves.items(), (BLUE, GREEN), ("solid", "dot"), strict=False):
        figure.add_scatter(
            name=name,
            x=cores,
            y=cycles,
            mode="lines+markers" if cores.size <= _FEW else "lines",
            line={"color": color, "width": 2.5, "dash": dash},
            marker={"size": 6},
            hovertemplate="%{y:,.0f} cycles",
        )
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
        x=[cores.min(), cores.max()],
        y=[floor_cycles, floor_cycles],
        mode="lines",
        line={"color": INK, "width": 2, "dash": "dash"},
        hoverinfo="skip",
    )
    figure.update_xaxes(title_text="cores, all layers together", tickformat=",d", **_scale(cores))
    drawn = np.concatenate([[floor_cycles], *curves.values()])
    figure.update_yaxes(title_text="cycles per inference, mean", tickformat="~s", rangemode="tozero", **_scale(drawn))
    return figure


def _scale(values: NDArray[Any]) -> dict[str, object]:
    """An axis for these values, logarithmic if they lie far apart."""
    return {"type": "linear"} if values.max() < _WIDE * values.min() else logarithmic()

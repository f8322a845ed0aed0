"""Predicted against measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spikecast.report.look import BLUE, QUIET, VERMILION, legend, logarithmic, styled

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_SHOWN = {
    "latency_cycles": ("latency, cycles", "log"),
    "energy_nj": ("energy, nJ", "log"),
    "sparsity": ("sparsity", "linear"),
    "accuracy": ("accuracy", "linear"),
}
_HEIGHT = 980


def points_figure(found: dict[str, Any]) -> Figure:
    """Draw every test network; ``found`` is what ``evaluate`` returns."""
    from plotly.graph_objects import Scatter
    from plotly.subplots import make_subplots

    figure = make_subplots(rows=2, cols=2, horizontal_spacing=0.09, vertical_spacing=0.16)
    for number, (name, (label, scale)) in enumerate(_SHOWN.items()):
        row, column = number // 2 + 1, number % 2 + 1
        points = found["targets"][name]["points"]
        for inside, colour in ((True, BLUE), (False, VERMILION)):
            kept = [point for point in points if (point["low"] <= point["measured"] <= point["high"]) is inside]
            figure.add_trace(
                Scatter(
                    x=[point["measured"] for point in kept],
                    y=[point["predicted"] for point in kept],
                    error_y={
                        "type": "data",
                        "symmetric": False,
                        "array": [point["high"] - point["predicted"] for point in kept],
                        "arrayminus": [point["predicted"] - point["low"] for point in kept],
                        "color": colour,
                        "thickness": 0.7,
                        "width": 0,
                    },
                    mode="markers",
                    marker={"color": colour, "size": 5},
                    opacity=0.65,
                    name="inside its interval" if inside else "outside its interval",
                    legendgroup=str(inside),
                    showlegend=number == 0,
                ),
                row=row,
                col=column,
            )
        ends = [min(point["measured"] for point in points), max(point["measured"] for point in points)]
        line = Scatter(x=ends, y=ends, mode="lines", line={"color": QUIET, "dash": "dot"}, showlegend=False)
        figure.add_trace(line, row=row, col=column)
        axis = {**logarithmic(), "tickformat": "~s"} if scale == "log" else {"type": "linear"}
        figure.update_xaxes(title_text=f"measured {label}", row=row, col=column, **axis)
        figure.update_yaxes(title_text=f"predicted {label}", row=row, col=column, **axis)
    coverage = found["targets"]["latency_cycles"]["interval_coverage"]
    error = found["targets"]["latency_cycles"]["mape_percent"]
    styled(
        figure,
        "Predicted against measured",
        f"{found['rows']} networks of configurations that fitting never saw; latency is off by {error:.1f} % in the "
        f"mean, {coverage:.0%} of it lies in its 90 % interval",
        height=_HEIGHT,
        above=130,
        below=60,
    )
    figure.update_layout(legend=legend(1.01))
    return figure

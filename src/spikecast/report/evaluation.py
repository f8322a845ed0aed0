"""How good a predictor is: predicted against measured, coverage of intervals, and errors by the rows fitted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from spikecast.report.look import (
    BLUE,
    GREEN,
    QUIET,
    VERMILION,
    empty_figure,
    in_words,
    legend,
    logarithmic,
    panels,
    styled,
)
from spikecast.wording import HEADINGS

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


#: Targets drawn point by point, and their axes.
_POINTS = {"latency_cycles": "log", "energy_nj": "log", "sparsity": "linear", "accuracy": "linear"}
_HEIGHT = 980


def points_figure(found: dict[str, Any]) -> Figure:
    """Draw every test network; ``found`` is what ``evaluate`` returns."""
    figure = panels(rows=2, cols=2, horizontal_spacing=0.09, vertical_spacing=0.16)
    for number, (name, scale) in enumerate(_POINTS.items()):
        row, column = number // 2 + 1, number % 2 + 1
        points = found["targets"][name]["points"]
        for inside, color in ((True, BLUE), (False, VERMILION)):
            kept = [point for point in points if (point["low"] <= point["measured"] <= point["high"]) is inside]
            figure.add_scatter(
                row=row,
                col=column,
                x=[point["measured"] for point in kept],
                y=[point["predicted"] for point in kept],
                error_y={
                    "type": "data",
                    "symmetric": False,
                    "array": [point["high"] - point["predicted"] for point in kept],
                    "arrayminus": [point["predicted"] - point["low"] for point in kept],
                    "color": color,
                    "thickness": 0.7,
                    "width": 0,
                },
                mode="markers",
                marker={"color": color, "size": 5},
                opacity=0.65,
                name="inside its interval" if inside else "outside its interval",
                legendgroup=str(inside),
                showlegend=number == 0,
            )
        ends = [min(point["measured"] for point in points), max(point["measured"] for point in points)]
        diagonal = {"color": QUIET, "dash": "dot"}
        figure.add_scatter(row=row, col=column, x=ends, y=ends, mode="lines", line=diagonal, showlegend=False)
        axis = {**logarithmic(), "tickformat": "~s"} if scale == "log" else {"type": "linear"}
        figure.update_xaxes(title_text=f"measured {HEADINGS[name]}", row=row, col=column, **axis)
        figure.update_yaxes(title_text=f"predicted {HEADINGS[name]}", row=row, col=column, **axis)
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


_TARGETS = {"latency_cycles": (BLUE, "circle"), "sparsity": (GREEN, "diamond"), "accuracy": (VERMILION, "square")}
_NOMINAL = 0.9


def coverage_figure(found: dict[str, Any]) -> Figure:
    """Draw coverage by surrogate and neuron with its standard error; ``found`` is what ``evaluate`` returns."""
    kinds = [
        (f"{in_words(value)} ({shares['rows']})", shares)
        for by_value in found["coverage"].values()
        for value, shares in by_value.items()
    ]
    figure = empty_figure()
    for name, (color, symbol) in _TARGETS.items():
        # Where all or none are inside, the formula would say that there is no error.
        errors = [math.sqrt(max(shares[name] * (1 - shares[name]), 0.01) / shares["rows"]) for _, shares in kinds]
        figure.add_scatter(
            x=[shares[name] for _, shares in kinds],
            y=[label for label, _ in kinds],
            error_x={"type": "data", "array": errors, "color": color, "thickness": 1, "width": 0},
            mode="markers",
            marker={"color": color, "symbol": symbol, "size": 9},
            name=in_words(name),
        )
    figure.add_vline(x=_NOMINAL, line={"color": QUIET, "dash": "dot"})
    figure.update_xaxes(title_text="share of measured values inside their 90 % interval", range=[0, 1.02])
    figure.update_yaxes(autorange="reversed")
    styled(
        figure,
        "Coverage of the intervals",
        "by surrogate and neuron, in brackets the number of networks; bars are one standard error",
        height=200 + 44 * len(kinds),
        above=120,
        below=60,
    )
    figure.update_layout(legend=legend(1.01))
    return figure


_LEARNED = {
    "latency_cycles": ("mape_percent", "latency, mean error in %"),
    "sparsity": ("mae", "sparsity, mean absolute error"),
    "accuracy": ("mae", "accuracy, mean absolute error"),
}


def learning_figure(found: list[dict[str, Any]]) -> Figure:
    """Draw a learning curve; ``found`` is what ``evaluate_split`` yields for ``learning``."""
    figure = panels(rows=1, cols=len(_LEARNED), horizontal_spacing=0.08)
    for column, (name, (metric, label)) in enumerate(_LEARNED.items(), start=1):
        figure.add_scatter(
            row=1,
            col=column,
            x=[part["fitted_rows"] for part in found],
            y=[part["targets"][name][metric] for part in found],
            mode="lines+markers",
            line={"color": BLUE},
            showlegend=False,
        )
        figure.update_xaxes(title_text="fitted rows", row=1, col=column, **logarithmic())
        figure.update_yaxes(title_text=label, rangemode="tozero", row=1, col=column)
    styled(
        figure,
        "What more rows bring",
        "errors on the test configurations, which are the same for every point",
        height=480,
        above=110,
        below=60,
    )
    return figure


_SUGGESTED = (
    ("latency_cycles", "mape_percent", "latency, mean error in %"),
    ("latency_cycles", "within_10_percent", "latency, share within 10 %"),
    ("sparsity", "mae", "sparsity, mean absolute error"),
)
_WAYS = {"random": (QUIET, "circle"), "suggested": (BLUE, "diamond")}


def suggested_figure(found: list[dict[str, Any]]) -> Figure:
    """Draw both curves, means and single beginnings; ``found`` is what ``evaluate_split`` yields for ``suggested``."""
    sizes = [part["fitted_rows"] for part in found]
    figure = panels(rows=1, cols=len(_SUGGESTED), horizontal_spacing=0.08)
    for column, (target, metric, label) in enumerate(_SUGGESTED, start=1):
        for way, (color, symbol) in _WAYS.items():
            starts = [[scores[target][metric] for scores in part[way]] for part in found]
            figure.add_scatter(
                row=1,
                col=column,
                x=sizes,
                y=[sum(values) / len(values) for values in starts],
                mode="lines",
                line={"color": color},
                name=way,
                legendgroup=way,
                showlegend=column == 1,
            )
            figure.add_scatter(
                row=1,
                col=column,
                x=[size for size, values in zip(sizes, starts, strict=True) for _ in values],
                y=[value for values in starts for value in values],
                mode="markers",
                marker={"color": color, "symbol": symbol, "size": 7},
                opacity=0.5,
                legendgroup=way,
                showlegend=False,
            )
        figure.update_xaxes(title_text="fitted rows", type="log", tickvals=sizes, row=1, col=column)
        figure.update_yaxes(title_text=label, row=1, col=column)
    styled(
        figure,
        "What suggested rows bring",
        "errors on the test configurations, which are the same for every point; lines are means of random beginnings",
        height=480,
        above=110,
        below=60,
    )
    figure.update_layout(legend=legend(1.01))
    return figure

"""Errors against the number of rows fitted, of random rows and of suggested ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spikecast.report.look import BLUE, QUIET, legend, styled

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_SHOWN = (
    ("latency_cycles", "mape_percent", "latency, mean error in %"),
    ("latency_cycles", "within_10_percent", "latency, share within 10 %"),
    ("sparsity", "mae", "sparsity, mean absolute error"),
)
_WAYS = {"random": (QUIET, "circle"), "suggested": (BLUE, "diamond")}


def suggested_figure(found: list[dict[str, Any]]) -> Figure:
    """Draw both curves, means and single beginnings; ``found`` is what ``evaluate_split`` yields for ``suggested``."""
    from plotly.graph_objects import Scatter
    from plotly.subplots import make_subplots

    sizes = [part["fitted_rows"] for part in found]
    figure = make_subplots(rows=1, cols=len(_SHOWN), horizontal_spacing=0.08)
    for column, (target, metric, label) in enumerate(_SHOWN, start=1):
        for way, (colour, symbol) in _WAYS.items():
            starts = [[scores[target][metric] for scores in part[way]] for part in found]
            mean = Scatter(
                x=sizes,
                y=[sum(values) / len(values) for values in starts],
                mode="lines",
                line={"color": colour},
                name=way,
                legendgroup=way,
                showlegend=column == 1,
            )
            points = Scatter(
                x=[size for size, values in zip(sizes, starts, strict=True) for _ in values],
                y=[value for values in starts for value in values],
                mode="markers",
                marker={"color": colour, "symbol": symbol, "size": 7},
                opacity=0.5,
                legendgroup=way,
                showlegend=False,
            )
            figure.add_traces([mean, points], rows=1, cols=column)
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

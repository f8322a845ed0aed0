"""Errors against the number of rows fitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spikecast.report.look import BLUE, logarithmic, styled

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_SHOWN = {
    "latency_cycles": ("mape_percent", "latency, mean error in %"),
    "sparsity": ("mae", "sparsity, mean absolute error"),
    "accuracy": ("mae", "accuracy, mean absolute error"),
}


def learning_figure(found: list[dict[str, Any]]) -> Figure:
    """Draw a learning curve; ``found`` is what ``evaluate_split`` yields for ``learning``."""
    from plotly.graph_objects import Scatter
    from plotly.subplots import make_subplots

    figure = make_subplots(rows=1, cols=len(_SHOWN), horizontal_spacing=0.08)
    for column, (name, (metric, label)) in enumerate(_SHOWN.items(), start=1):
        figure.add_trace(
            Scatter(
                x=[part["fitted_rows"] for part in found],
                y=[part["targets"][name][metric] for part in found],
                mode="lines+markers",
                line={"color": BLUE},
                showlegend=False,
            ),
            row=1,
            col=column,
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

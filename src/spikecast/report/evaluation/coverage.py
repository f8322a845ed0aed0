"""How many measured values lie in their intervals, kind by kind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from spikecast.report.look import BLUE, GREEN, QUIET, VERMILION, legend, styled
from spikecast.report.page.looks import in_words

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_TARGETS = {"latency_cycles": (BLUE, "circle"), "sparsity": (GREEN, "diamond"), "accuracy": (VERMILION, "square")}
_NOMINAL = 0.9


def coverage_figure(found: dict[str, Any]) -> Figure:
    """Draw coverage by surrogate and neuron with its standard error; ``found`` is what ``evaluate`` returns."""
    from plotly.graph_objects import Figure, Scatter

    kinds = [
        (f"{in_words(value)} ({one['rows']})", one) for by in found["coverage"].values() for value, one in by.items()
    ]
    figure = Figure()
    for name, (colour, symbol) in _TARGETS.items():
        # Where all or none are inside, the formula would say that there is no error.
        errors = [math.sqrt(max(one[name] * (1 - one[name]), 0.01) / one["rows"]) for _, one in kinds]
        figure.add_trace(
            Scatter(
                x=[one[name] for _, one in kinds],
                y=[label for label, _ in kinds],
                error_x={"type": "data", "array": errors, "color": colour, "thickness": 1, "width": 0},
                mode="markers",
                marker={"color": colour, "symbol": symbol, "size": 9},
                name=in_words(name),
            )
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

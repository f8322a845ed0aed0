"""One panel per surrogate."""

from __future__ import annotations

from collections.abc import Collection
from math import ceil
from typing import TYPE_CHECKING

from spikecast.report.page.frame import framed, legend_above
from spikecast.report.page.looks import in_words
from spikecast.surrogates import SURROGATES

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_COLUMNS, _PANEL = 3, 240
#: Labels of a logarithmic axis of choices.
TICKS = [digit * 10.0**decade for decade in range(-3, 4) for digit in (1, 2, 5)]
TICK_TEXTS = [f"{tick:g}" for tick in TICKS]


def surrogate_panels(surrogates: Collection[str]) -> tuple[Figure, dict[str, dict[str, int]]]:
    """A figure with a panel for each of ``surrogates``, slopes along x on a logarithmic axis, and where each lies."""
    from plotly.subplots import make_subplots

    shown = [name for name in SURROGATES if name in surrogates]
    lines = ceil(len(shown) / _COLUMNS)
    figure = make_subplots(
        rows=lines,
        cols=_COLUMNS,
        shared_yaxes="all",
        subplot_titles=[in_words(name) for name in shown],
        horizontal_spacing=0.03,
        vertical_spacing=0.3 / lines,
    )
    framed(figure, height=_PANEL * lines + 110, above=76)
    figure.update_layout(legend=legend_above(1 + 30 / (_PANEL * lines)), hovermode="closest")
    places = {name: {"row": i // _COLUMNS + 1, "col": i % _COLUMNS + 1} for i, name in enumerate(shown)}
    for name, place in places.items():
        has_slope = SURROGATES[name].has_slope
        figure.update_xaxes(
            **place,
            type="log",
            tickvals=TICKS if has_slope else [],
            ticktext=TICK_TEXTS,
            title_text="slope" if has_slope else "has no slope",
            title_standoff=4,
        )
    return figure, places

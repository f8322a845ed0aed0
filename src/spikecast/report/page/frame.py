"""How figures stand on a page: without their titles, which the page gives, or with them in a file of their own."""

from __future__ import annotations

import textwrap
from collections.abc import Collection
from math import ceil
from typing import TYPE_CHECKING

from spikecast.report.look import in_words, legend, panels, styled
from spikecast.report.page.content import Picture
from spikecast.surrogates import SURROGATES

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


#: A title inside a figure, in pixels: its own height, and that of one line of text below it.
_TITLE, _LINE = 64, 19
#: Letters that fit in a line below the title of a png.
_LETTERS = 150


def framed(figure: Figure, *, height: int, above: int = 48, below: int = 60) -> None:
    """Give a figure the common look without a title; height, and room above and below the axes, in pixels."""
    styled(figure, "", "", height=height, above=above, below=below)


def legend_above(y: float) -> dict[str, object]:
    """A legend on the left, where a narrow screen shows it; ``y`` is its lower edge, 0..1 of the room for axes."""
    return legend(y) | {"x": 0, "xanchor": "left"}


def with_title(picture: Picture) -> Figure:
    """A copy of the figure that carries its title, takeaway and what it leaves out."""
    from plotly.graph_objects import Figure

    lines = textwrap.wrap(f"{picture.takeaway} {picture.left_out}", _LETTERS)
    room = _TITLE + _LINE * len(lines)
    figure, layout = Figure(picture.figure), picture.figure.layout
    styled(
        figure,
        picture.title,
        "<br>".join(lines),
        height=layout.height + room,
        above=layout.margin.t + room,
        below=layout.margin.b,
    )
    return figure


_COLUMNS, _PANEL = 3, 240
#: Labels of a logarithmic axis of choices.
TICKS = [digit * 10.0**decade for decade in range(-3, 4) for digit in (1, 2, 5)]
TICK_TEXTS = [f"{tick:g}" for tick in TICKS]


def surrogate_panels(surrogates: Collection[str]) -> tuple[Figure, dict[str, dict[str, int]]]:
    """A figure with a panel for each of ``surrogates``, slopes along x on a logarithmic axis, and where each lies."""
    shown = [name for name in SURROGATES if name in surrogates]
    lines = ceil(len(shown) / _COLUMNS)
    figure = panels(
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

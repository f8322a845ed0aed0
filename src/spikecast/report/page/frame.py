"""The look that a figure shares with all others, with its title inside or outside."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from spikecast.report.look import legend, styled
from spikecast.report.page.parts import Picture

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


def pale(colour: str, opacity: float) -> str:
    """A colour ``#rrggbb`` with an opacity, 0..1."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity:g})"

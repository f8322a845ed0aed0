"""The look that all figures share: colors and marks, titles, legends, axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spikecast.accelerator.hardware import Hardware
from spikecast.errors import needs

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


#: Width of a png in pixels at scale 1; an html file fills its window.
WIDTH = 1200
INK, QUIET, GRID, BAND = "#1f2933", "#52606d", "#e4e7eb", "#f5f7fa"
#: Colors that stay apart for color-blind readers (Okabe and Ito).
BLUE, VERMILION, GREEN = "#0072b2", "#d55e00", "#009e73"
#: The rest of their colors; yellow is too pale on white, brown stands for it.
_ORANGE, _SKY, _PURPLE, _BROWN = "#e69f00", "#56b4e9", "#cc79a7", "#8c6d1f"
#: What is as it should be stays in the background.
_PALE_BLUE = "#a9cfe8"
FONT = "Helvetica Neue, Helvetica, Arial, sans-serif"


@dataclass(frozen=True)
class Mark:
    """Color, symbol and dash of one kind."""

    color: str
    symbol: str
    dash: str = "solid"


SURROGATE_MARKS = {
    "fast_sigmoid": Mark(BLUE, "circle"),
    "atan": Mark(VERMILION, "square"),
    "spike_rate_escape": Mark(GREEN, "diamond"),
    "stochastic_spike_operator": Mark(_PURPLE, "cross"),
    "sigmoid": Mark(_ORANGE, "triangle-up"),
    "sparse_fast_sigmoid": Mark(_SKY, "triangle-down"),
    "straight_through_estimator": Mark(INK, "x"),
    "triangular": Mark(_BROWN, "star"),
    "leaky_spike_operator": Mark(QUIET, "pentagon"),
}
NEURON_MARKS = {
    "leaky": Mark(BLUE, "circle"),
    "lapicque": Mark(VERMILION, "square", "dash"),
    "synaptic": Mark(GREEN, "diamond", "dot"),
    "alpha": Mark(_PURPLE, "triangle-up", "dashdot"),
    "rleaky": Mark(_BROWN, "star", "longdash"),
}
STATUS_MARKS = {
    "ok": Mark(_PALE_BLUE, "circle"),
    "silent": Mark(_ORANGE, "triangle-down"),
    "collapsed": Mark(VERMILION, "x"),
    "diverged": Mark(INK, "diamond"),
    "failed": Mark(QUIET, "cross"),
}


def empty_figure() -> Figure:
    """A figure with one pair of axes; plotly is imported by what draws, not by what only checks a path."""
    with needs("a figure", "report"):
        from plotly.graph_objects import Figure
    return Figure()


def panels(rows: int = 1, cols: int = 1, **layout: Any) -> Figure:
    """A figure with panels in rows and columns; ``layout`` as ``plotly.subplots.make_subplots`` takes it."""
    with needs("a figure", "report"):
        from plotly.subplots import make_subplots
    figure: Figure = make_subplots(rows, cols, **layout)
    return figure


def styled(figure: Figure, title: str, subtitle: str, *, height: int, above: int, below: int) -> None:
    """Give a figure the look that all of them share; height, and room above and below the axes, in pixels."""
    figure.update_layout(
        title={
            "text": f"<b>{title}</b>",
            "font": {"size": 20, "color": INK},
            "subtitle": {"text": subtitle, "font": {"size": 14, "color": QUIET}},
            "x": 0,
            "xref": "container",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"l": 24, "t": 24},
        },
        template="none",
        font={"family": FONT, "size": 13, "color": INK},
        height=height,
        margin={"l": 24, "r": 32, "t": above, "b": below},
        paper_bgcolor="white",
        plot_bgcolor="white",
        hoverlabel={"bgcolor": "white", "bordercolor": GRID, "font": {"family": FONT, "size": 13, "color": INK}},
    )
    axis = {"gridcolor": GRID, "zeroline": False, "automargin": True, "ticklabelstandoff": 6}
    figure.update_xaxes(**axis, tickfont_color=QUIET, title={"font": {"size": 13, "color": QUIET}, "standoff": 12})
    figure.update_yaxes(**axis, title={"font": {"size": 13, "color": QUIET}, "standoff": 12})


def headline(figure: Figure, text: str, y: float) -> None:
    """Write what a part of the figure shows above it; ``y`` is its upper edge, 0..1 of the room for axes."""
    figure.add_annotation(
        text=text,
        font={"size": 15},
        showarrow=False,
        align="left",
        **{"x": 0, "xref": "paper", "xanchor": "left", "y": y, "yref": "paper", "yanchor": "bottom", "yshift": 5},
    )


def legend(y: float) -> dict[str, object]:
    """A legend on the right above a part of the figure; ``y`` as for ``headline``."""
    return {
        "orientation": "h",
        "x": 1,
        "xanchor": "right",
        "y": y,
        "yanchor": "bottom",
        "font_size": 13,
    }


def logarithmic(digits: Sequence[float] = (1, 2, 5)) -> dict[str, object]:
    """A logarithmic axis with ticks at these digits of every decade."""
    return {"type": "log", "tickvals": [digit * 10.0**decade for decade in range(-3, 12) for digit in digits]}


def cycle_axis_title(hardware: Hardware) -> str:
    """What stands at an axis of cycles: how many of them are a microsecond."""
    return f"cycles ({hardware.clock_mhz:g} cycles are 1 µs)"


def pale(color: str, opacity: float) -> str:
    """A color ``#rrggbb`` with an opacity, 0..1."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity:g})"


def in_words(name: str) -> str:
    """A name as text: no underscores."""
    return name.replace("_", " ")

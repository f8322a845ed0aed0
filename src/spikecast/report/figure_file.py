"""How every figure looks, and its way into a file."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from spikecast.errors import InputError
from spikecast.whole_file import whole_file

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

#: Width of a png in pixels at scale 1; an html file fills its window.
WIDTH = 1200
PNG_SCALE = 2

INK, QUIET, GRID, BAND = "#1f2933", "#52606d", "#e4e7eb", "#f5f7fa"
#: Colours that stay apart for colour-blind readers (Okabe and Ito).
BLUE, VERMILION, GREEN = "#0072b2", "#d55e00", "#009e73"
FONT = "Helvetica Neue, Helvetica, Arial, sans-serif"


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


def require_figure_path(path: Path) -> None:
    """Check that a figure can have this path, before anything is computed for it.

    Raises:
        InputError: a suffix other than .html or .png, or a folder that is missing.
    """
    if path.suffix.lower() not in (".html", ".png"):
        raise InputError(f"cannot write a figure to {path}: use a name that ends in .html or .png")
    if not path.parent.is_dir():
        raise InputError(f"cannot write a figure to {path}: there is no folder {path.parent}: make it first")


def write_figure(figure: Figure, path: Path) -> None:
    """Write a figure, as a whole or not at all: ``.html``, one file that works offline, or ``.png``.

    Raises:
        InputError: another suffix, a folder that is missing or cannot be written to, or no browser to draw a png.
    """
    require_figure_path(path)
    content = _html(figure) if path.suffix.lower() == ".html" else _png(figure)
    try:
        with whole_file(path) as temporary:
            temporary.write_bytes(content)
    except OSError as error:
        raise InputError(f"cannot write a figure to {path}: {error.strerror}: use another path") from None


def _html(figure: Figure) -> bytes:
    from plotly.io import to_html

    # The page stays on the reader's machine: no button that sends the chart to plotly's server.
    config = {"displaylogo": False, "modeBarButtonsToRemove": ["sendChartToCloud", "select2d", "lasso2d"]}
    # A fixed name: the same figure gives the same file.
    page: str = to_html(figure, include_plotlyjs=True, full_html=True, config=config, div_id="figure")
    title = str(figure.layout.title.text or "figure").removeprefix("<b>").removesuffix("</b>")
    head = f"    <title>{escape(title)}</title>\n    <style>body {{margin: 0; min-width: {WIDTH - 100}px}}</style>\n"
    return page.replace("</head>", f"{head}</head>", 1).encode()


def _png(figure: Figure) -> bytes:
    import kaleido
    from choreographer.errors import BrowserFailedError, ChromeNotFoundError

    size = {"width": figure.layout.width or WIDTH, "height": figure.layout.height or WIDTH * 3 // 4}
    try:
        # Kaleido starts the browser without its sandbox, which root could not use. Without MathJax, which it would
        # fetch from the network.
        image: bytes = kaleido.calc_fig_sync(
            figure, opts={"format": "png", "scale": PNG_SCALE, **size}, kopts={"mathjax": False}
        )
    except ChromeNotFoundError:
        raise InputError("png needs Chrome or Chromium, which was not found: install one, or use .html") from None
    except BrowserFailedError:
        raise InputError(
            "png needs Chrome or Chromium, and the one found does not start: mend it, or use .html"
        ) from None
    return image

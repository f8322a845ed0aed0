"""The way of figures and reports into files, each as a whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from spikecast._util.files import require_file_path, require_folder_path, whole_file
from spikecast.errors import InputError, needs
from spikecast.report.look import WIDTH
from spikecast.report.page.frame import with_title
from spikecast.report.page.page import StudyReport

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


PNG_SCALE = 2


def require_figure_path(path: Path) -> None:
    """Check that a figure can have this path, before anything is computed for it.

    Raises:
        InputError: a suffix other than .html or .png, a folder of that name, or a folder that is missing; or a package
            that draws is missing.
    """
    require_file_path(path, "a figure", ".html", ".png")
    require_drawing("a figure", png=path.suffix == ".png")


def require_drawing(what: str, *, png: bool = False, page: bool = False) -> None:
    """Check that the packages are there that draw ``what``, as html, as png, or as the page about a data folder.

    Raises:
        InputError: one is missing; the message names it and the extra that brings it.
    """
    packages = ("plotly", *(("kaleido",) if png else ()), *(("jinja2", "markdown_it") if page else ()))
    with needs(what, "report"):
        for package in packages:
            import_module(package)


def write_figure(figure: Figure, path: Path) -> None:
    """Write a figure, as a whole or not at all: ``.html``, one file that works offline, or ``.png``.

    Raises:
        InputError: another suffix, a folder that is missing or cannot be written to, or no browser to draw a png.
    """
    require_figure_path(path)
    content = _html(figure) if path.suffix == ".html" else pngs({"figure": figure})["figure"]
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


def pngs(figures: Mapping[str, Figure]) -> dict[str, bytes]:
    """Every figure by its name as the content of a png file; one browser draws them all.

    Raises:
        InputError: there is no browser, or it does not start.
    """
    import kaleido
    from choreographer.errors import BrowserFailedError, ChromeNotFoundError

    with TemporaryDirectory() as folder:
        paths = {name: Path(folder) / f"{number}.png" for number, name in enumerate(figures)}
        drawings = [
            {"fig": figures[name], "path": path, "opts": _options(figures[name])} for name, path in paths.items()
        ]
        try:
            # Kaleido starts the browser without its sandbox, which root could not use. Without MathJax, which it would
            # fetch from the network.
            kaleido.write_fig_from_object_sync(drawings, cancel_on_error=True, kopts={"mathjax": False})
        except ChromeNotFoundError:
            raise InputError("png needs Chrome or Chromium, which was not found: install one, or use .html") from None
        except BrowserFailedError:
            raise InputError(
                "png needs Chrome or Chromium, and the one found does not start: mend it, or use .html"
            ) from None
        return {name: path.read_bytes() for name, path in paths.items()}


def _options(figure: Figure) -> dict[str, object]:
    width, height = figure.layout.width or WIDTH, figure.layout.height or WIDTH * 3 // 4
    return {"format": "png", "scale": PNG_SCALE, "width": width, "height": height}


def require_report_paths(page: Path, figures: Path | None) -> None:
    """Check that a report can have these paths, before anything is computed for it.

    Raises:
        InputError: the page is not to be .html, or a folder is missing or is a file; or a package that draws is
            missing.
    """
    require_file_path(page, "a report", ".html")
    if figures is not None:
        require_folder_path(figures, "figures")
    require_drawing("a report", png=figures is not None, page=True)


def write_report(report: StudyReport, page: Path, figures: Path | None) -> None:
    """Write the page, and every figure as ``<name>.png`` into the folder ``figures`` if one is given.

    Raises:
        InputError: a path cannot be written to, or there is no browser to draw a png.
    """
    require_report_paths(page, figures)
    # Everything is drawn before anything is written.
    html = report.html
    drawn = {} if figures is None else pngs({picture.name: with_title(picture) for picture in report.pictures})
    try:
        if figures is not None:
            figures.mkdir(exist_ok=True)
            for name, content in drawn.items():
                with whole_file(figures / f"{name}.png") as temporary:
                    temporary.write_bytes(content)
        with whole_file(page) as temporary:
            temporary.write_text(html, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"cannot write the report to {error.filename or page}: {error.strerror}: use another path"
        ) from None

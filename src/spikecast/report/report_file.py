"""A report's way into files."""

from __future__ import annotations

from pathlib import Path

from spikecast.errors import InputError
from spikecast.output_path import require_file_path, require_folder_path
from spikecast.report.figure_file import pngs
from spikecast.report.page.frame import with_title
from spikecast.report.study_report import StudyReport
from spikecast.whole_file import whole_file


def require_report_paths(page: Path, figures: Path | None) -> None:
    """Check that a report can have these paths, before anything is computed for it.

    Raises:
        InputError: the page is not to be .html, or a folder is missing or is a file.
    """
    require_file_path(page, "a report", ".html")
    if figures is not None:
        require_folder_path(figures, "figures")


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

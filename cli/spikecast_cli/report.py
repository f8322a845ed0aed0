"""``spikecast report``: what a data folder's rows say, on one page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import spikecast


def report(
    data: Annotated[Path, typer.Option(help="Data folder made by spikecast characterize.")],
    out: Annotated[Path, typer.Option(help="The page, .html.")],
    figures: Annotated[Path | None, typer.Option(help="Also write every figure as png into this folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the numbers as JSON.")] = False,
) -> None:
    """Write the study of a data folder: one page that works offline, with the source's claims beside the rows."""
    spikecast.report.require_report_paths(out, figures)
    with Console(stderr=True).status("computing"):
        made = spikecast.report.study_report(data)
    with Console(stderr=True).status("drawing"):
        spikecast.report.write_report(made, out, figures)
    if as_json:
        print(json.dumps({"data": str(data), "report": str(out), **made.to_dict()}, indent=2))
        return
    pictures = sum(1 for _ in made.pictures)
    print(f"{out}: {len(made.sections)} sections, {pictures} figures. {made.lead}")
    for section in made.sections:
        for line in section.missing:
            print(f"{section.title}: {line}")

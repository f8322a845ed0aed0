"""``spikecast pareto``: what accuracy costs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

import spikecast
from spikecast.accelerator import DEFAULT_HARDWARE
from spikecast.wording import choices_in_words, network_in_words
from spikecast_cli.options import CANDIDATES, Candidates, Fix, HardwareOption, ModelOption, parse_choices
from spikecast_cli.tables import TARGETS, plain_console, plain_table, row_cell, text_column

if TYPE_CHECKING:
    from spikecast.advise import ParetoFront

#: Points of the front that the table lists and the figure numbers.
_POINTS = 12


def pareto(
    x: Annotated[
        str, typer.Option(help="What accuracy is weighed against.", metavar="latency|energy|sparsity")
    ] = "latency",
    fix: Fix = None,
    hardware: HardwareOption = DEFAULT_HARDWARE,
    candidates: Candidates = CANDIDATES,
    out: Annotated[Path | None, typer.Option(help="Draw the front, .html or .png.")] = None,
    model: ModelOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole front as JSON.")] = False,
) -> None:
    """Search for the front of accuracy against a cost: choices that none other is predicted to beat in both."""
    if out is not None:
        spikecast.report.require_figure_path(out)
    fixed = parse_choices(fix or [], "--fix")
    predictor = spikecast.Predictor.load(model)
    with Console(stderr=True).status("searching"):
        found = spikecast.advise.pareto(predictor, cost=x, fixed=fixed, hardware=hardware, candidates=candidates)
    if out is not None:
        spikecast.report.write_figure(spikecast.report.pareto_figure(found, _POINTS), out)
    if as_json:
        print(json.dumps(found.to_dict(), indent=2))
    else:
        _show(found)


def _show(found: ParetoFront) -> None:
    console = plain_console()
    column = found.objective.column
    points = found.points(_POINTS).to_dict("records")
    console.print(f"{network_in_words(points[0])}; {found.hardware}\n")
    table = plain_table("predicted front, with 90 % intervals", "", "choices", TARGETS[column], TARGETS["accuracy"])
    text_column(table, 1)
    for number, row in enumerate(points, start=1):
        table.add_row(str(number), choices_in_words(row), row_cell(column, row), row_cell("accuracy", row))
    console.print(table)
    console.print(
        f"{len(points)} of {len(found.front)} points on the front of {found.tried:,} candidates; all lie inside what "
        "was measured and probably train. What is best of many owes something to luck: expect a little less."
    )

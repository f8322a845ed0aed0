"""``spikecast sensitivity``: what one choice does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import spikecast
from spikecast.accelerator import DEFAULT_HARDWARE
from spikecast.wording import choices_in_words, network_in_words, value_in_words
from spikecast_cli.options import HardwareOption, ModelOption, parse_number, with_choices
from spikecast_cli.tables import TARGETS, plain_console, plain_table, row_cell

if TYPE_CHECKING:
    from spikecast.advise import Sweep


@with_choices(exclude="seed")
def sensitivity(
    choices: dict[str, Any],
    *,
    of: Annotated[str, typer.Option(help="The choice to sweep; the others stay.", show_default=False)],
    from_: Annotated[
        str | None,
        typer.Option("--from", help="Least number; that measured if left out.", metavar="NUMBER", show_default=False),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(help="Greatest number; that measured if left out.", metavar="NUMBER", show_default=False),
    ] = None,
    points: Annotated[int, typer.Option(min=2, help="Numbers to predict at.")] = 25,
    hardware: HardwareOption = DEFAULT_HARDWARE,
    out: Annotated[Path | None, typer.Option(help="Draw every target, .html or .png.")] = None,
    model: ModelOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the predictions as JSON.")] = False,
) -> None:
    """Sweep one choice and predict every target; the other choices stay as given."""
    if out is not None:
        spikecast.report.require_figure_path(out)
    of = of.replace("-", "_")
    low, high = parse_number(from_, "--from"), parse_number(to, "--to")
    predictor = spikecast.Predictor.load(model)
    sweep = spikecast.advise.sensitivity(predictor, of, choices, hardware=hardware, low=low, high=high, points=points)
    if out is not None:
        spikecast.report.write_figure(spikecast.report.sensitivity_figure(sweep), out)
    if as_json:
        print(json.dumps(sweep.to_dict(), indent=2))
    else:
        _show(sweep)


def _show(sweep: Sweep) -> None:
    console = plain_console()
    rows = sweep.table.dropna(axis=1, how="all").to_dict("records")
    console.print(f"{network_in_words(rows[0], leave_out=sweep.varied)}; {sweep.hardware}")
    console.print(f"{choices_in_words(rows[0], leave_out=sweep.varied)}\n")
    with_it = [name for name in sweep.varied if name != sweep.of]
    shown = [name for name in TARGETS if name in rows[0]]
    table = plain_table(
        f"predicted over {sweep.of}, with 90 % intervals", sweep.of, *with_it, *(TARGETS[name] for name in shown)
    )
    for row in rows:
        outside = "" if row["in_domain"] else " *"
        value, *defaults = (value_in_words(name, row[name]) for name in (sweep.of, *with_it))
        table.add_row(value + outside, *defaults, *(row_cell(name, row) for name in shown))
    console.print(table)
    if not sweep.table["in_domain"].all():
        console.print("* outside what was measured")

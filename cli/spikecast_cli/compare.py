"""``spikecast compare``: which of two is better."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

import spikecast
from spikecast.accelerator import DEFAULT_HARDWARE
from spikecast.wording import choices_in_words, network_in_words
from spikecast_cli.options import HardwareOption, ModelOption, parse_choices, with_choices
from spikecast_cli.tables import TARGETS, interval_cell, plain_console, plain_table, warn_of

if TYPE_CHECKING:
    from spikecast.advise import Comparison, Difference


@with_choices(exclude="seed")
def compare(
    choices: dict[str, Any],
    *,
    a: Annotated[
        str, typer.Argument(help="Choices of A, such as neuron=lif,beta=0.5.", show_default=False, metavar="A")
    ],
    b: Annotated[str, typer.Argument(help="Choices of B.", show_default=False, metavar="B")],
    hardware: HardwareOption = DEFAULT_HARDWARE,
    model: ModelOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print predictions and differences as JSON.")] = False,
) -> None:
    """Predict how network B differs from network A; options are choices that both share."""
    first, second = ({**choices, **parse_choices([text], name)} for text, name in ((a, "A"), (b, "B")))
    found = spikecast.advise.compare(spikecast.Predictor.load(model), first, second, hardware=hardware)
    warn_of([found.a.choices, found.b.choices])
    if as_json:
        print(json.dumps(found.to_dict(), indent=2))
    else:
        _show(found)


def _show(found: Comparison) -> None:
    console = plain_console()
    for name, prediction in (("A", found.a), ("B", found.b)):
        console.print(f"{name}: {choices_in_words(prediction.choices)}; {network_in_words(prediction.choices)}")
        for reason in prediction.reasons:
            console.print(f"   OUTSIDE what was measured: {reason}")
    table = plain_table("\npredicted, with 90 % intervals", "", "A", "B", "B against A")
    for difference in found.differences:
        sides = (interval_cell(difference.target, side) for side in (difference.a, difference.b))
        table.add_row(TARGETS[difference.target], *sides, _change(difference))
    console.print(table)
    for difference in found.differences:
        if not difference.tells:
            console.print(f"{TARGETS[difference.target].split(',')[0]}: no difference that this model can tell")
    console.print(f"hardware {found.a.provenance['hardware']}; {spikecast.advise.ASSUMPTION}")


def _change(difference: Difference) -> str:
    change = difference.change
    if difference.kind == "ratio":
        return f"x {change.value:.2f}\n{change.low:.2f} to {change.high:.2f}"
    return f"{change.value:+.3f}\n{change.low:+.3f} to {change.high:+.3f}"

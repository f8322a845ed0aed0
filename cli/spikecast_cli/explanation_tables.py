"""How an explanation looks: what moves the answer, and what every layer's spikes cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

    from spikecast.predictor import Explanation

#: Heading and decimals of every target that has a column.
_COLUMNS = {
    "accuracy": ("accuracy", 3),
    "sparsity": ("sparsity", 3),
    "latency_cycles": ("cycles", 0),
    "energy_nj": ("energy, nJ", 0),
}


def show_explanation(explanation: Explanation, written: Mapping[str, Any]) -> None:
    """Print an explanation; ``written`` has the values of choices and hardware as the user wrote them."""
    from spikecast_cli.tables import plain_console

    console = plain_console()
    console.print()
    console.print(_moves(explanation, written))
    if explanation.layers:
        console.print(_layers(explanation))
    for note in _notes(explanation):
        console.print(note)


def _moves(explanation: Explanation, written: Mapping[str, Any]) -> Table:
    from rich.text import Text

    from spikecast_cli.tables import plain_table

    columns = {name: column for name, column in _COLUMNS.items() if name in explanation.base}

    def cells(values: Mapping[str, float], form: Callable[[float, int], str]) -> list[str]:
        return [form(values[name], decimals) for name, (_, decimals) in columns.items()]

    table = plain_table("what moves the answer", "", *(heading for heading, _ in columns.values()))
    base = "defaults on this network" if explanation.held else "the default network"
    table.add_row(base, *cells(explanation.base, _plain))
    for contribution in explanation.contributions:
        options = " ".join(f"--{name.replace('_', '-')} {written[name]}" for name in contribution.choices)
        table.add_row(Text(options), *cells(contribution.moves, _signed))
    table.add_row("prediction", *cells(explanation.prediction, _plain))
    return table


def _layers(explanation: Explanation) -> Table:
    from spikecast_cli.tables import plain_table

    table = plain_table("what spikes cost, in cycles", "", "cycles", "fixed", "due to spikes", "1 % more spikes")
    for layer in explanation.layers:
        costs = (_plain(n, 0) for n in (layer.latency_cycles, layer.fixed_cycles, layer.spike_cycles))
        table.add_row(layer.layer, *costs, _signed(layer.cycles_per_percent, 0))
    return table


def _notes(explanation: Explanation) -> Iterator[str]:
    if not explanation.contributions:
        yield "nothing to explain: no choice was given, this is the default network"
    if explanation.held:
        yield "this model or hardware has no answer for the default network, so the one asked about is the base"
    if explanation.outside and explanation.subsets > 1:
        yield (
            f"the moves rest on answers for {explanation.subsets:,} sets of these choices: "
            f"{explanation.outside:,} lie OUTSIDE what was measured"
        )
    if not explanation.layers:
        yield "layers of a pipeline work at the same time: what the spikes of each cost does not add up"


def _plain(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}"


def _signed(value: float, decimals: int) -> str:
    """With its sign; what rounds to nothing has none."""
    rounded = round(value, decimals)
    return f"{rounded:+,.{decimals}f}" if rounded else _plain(0.0, decimals)

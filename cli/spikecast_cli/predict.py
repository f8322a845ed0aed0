"""``spikecast predict``: what to expect of a network before it is trained, and what moves the answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

import spikecast
from spikecast._util.files import require_file_path
from spikecast.accelerator import DEFAULT_HARDWARE
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.surrogates import shortest_name
from spikecast.wording import HEADINGS
from spikecast_cli.options import HardwareOption, ModelOption, with_choices
from spikecast_cli.sources import SUFFIXES, read_table, write_table
from spikecast_cli.tables import plain_console, plain_table

if TYPE_CHECKING:
    from rich.table import Table

    from spikecast.predictor import Explanation, Interval, Prediction


@with_choices(exclude="seed")
def predict(
    choices: dict[str, Any],
    hardware: HardwareOption = DEFAULT_HARDWARE,
    model: ModelOption = None,
    batch: Annotated[
        Path | None, typer.Option(help="Predict every row of a .csv or .parquet whose columns are training choices.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where --batch writes its rows: .csv or .parquet.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say which choices move the answer, and what every layer's spikes cost.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the prediction as JSON.")] = False,
) -> None:
    """Predict accuracy, sparsity and latency of a network from its training choices alone."""
    if batch is not None or out is not None:
        if explain:
            raise InputError("--explain is for a single network: leave it out, or ask without --batch and --out")
        _predict_batch(batch, out, choices, hardware, model, as_json)
        return
    asked = TrainingChoices(**choices)
    predictor = spikecast.Predictor.load(model)
    prediction = predictor.predict(asked, hardware=hardware)
    explanation = predictor.explain(choices, hardware) if explain else None
    for warning in asked.warnings:
        print(f"spikecast: warning: {warning}", file=sys.stderr)
    if as_json:
        explained = {} if explanation is None else {"explanation": explanation.to_dict()}
        print(json.dumps(prediction.to_dict() | explained, indent=2))
        return

    show_prediction(prediction)
    if explanation is not None:
        show_explanation(explanation, choices | {"hardware": hardware})


def _predict_batch(
    batch: Path | None, out: Path | None, choices: dict[str, Any], hardware: str, model: Path | None, as_json: bool
) -> None:
    """Rows and their predictions side by side, and how many could not be answered."""
    if batch is None or out is None:
        raise InputError("--batch and --out belong together: --batch in.csv --out out.csv")
    if choices:
        raise InputError(
            f"--{next(iter(choices)).replace('_', '-')} is for a single network: make it a column of {batch}"
        )
    require_file_path(out, "a table", *SUFFIXES)
    asked = read_table(batch)
    predicted = spikecast.Predictor.load(model).predict_frame(asked, hardware)
    write_table(asked.join(predicted), out)
    refused = predicted["error"].notna()
    counts = {"out": str(out), "rows": len(asked), "refused": int(refused.sum())}
    if as_json:
        print(json.dumps(counts))
        return
    print(f"{out}: {counts['rows']} rows, {counts['refused']} without an answer, see column error")
    if refused.any():
        print(f"first of them, row {refused.to_numpy().argmax() + 1}: {predicted.loc[refused, 'error'].iloc[0]}")


def show_prediction(prediction: Prediction) -> None:
    """Print everything that is predicted, how far to trust it, and what was measured near it."""
    console = plain_console()
    source = prediction.provenance
    console.print(_question(prediction.choices))
    console.print(_answer(prediction))
    console.print(_predicted_layers(prediction))
    outcomes = sorted(prediction.outcome.items(), key=lambda item: -item[1])
    console.print("outcome: " + ", ".join(f"{name} {probability:.2f}" for name, probability in outcomes))
    where = "inside" if prediction.in_domain else "OUTSIDE"
    console.print(f"domain: {where} what was measured{''.join(f'; {reason}' for reason in prediction.reasons)}")
    console.print(_neighbors(prediction))
    console.print(
        f"hardware {source['hardware']}, fitted on {source['fitted_rows']} rows, "
        f"data {source['data_sha256'][:12]}, spikecast {source['spikecast']}"
    )


def _question(choices: dict[str, Any]) -> str:
    return (
        f"{choices['architecture']} on {choices['dataset']}, {choices['timesteps']} timesteps\n"
        f"{choices['surrogate']} slope {choices['slope']:g}, {choices['neuron']} beta {choices['beta']:g}, "
        f"threshold {choices['threshold']:g}\n"
    )


def _answer(prediction: Prediction) -> Table:
    table = plain_table("prediction, if the network trains", "", "value", "90 % interval")
    table.add_row("accuracy", *_cells(prediction.accuracy, ".3f"))
    table.add_row("sparsity", *_cells(prediction.sparsity, ".3f"))
    table.add_row("latency, cycles", *_cells(prediction.latency_cycles, ",.0f"))
    clock = prediction.provenance["clock_mhz"]
    table.add_row(f"latency, us at {clock:g} MHz", *_cells(prediction.latency_us, ",.1f"))
    if prediction.energy_nj is not None:
        table.add_row("energy, nJ (an estimate)", *_cells(prediction.energy_nj, ",.0f"))
    table.add_row("synaptic operations", *_cells(prediction.synaptic_operations, ",.0f"))
    return table


def _predicted_layers(prediction: Prediction) -> Table:
    cycles = "done at" if prediction.provenance["mode"] == "pipeline" else "cycles"
    table = plain_table("layer by layer", "", "spikes in", cycles, "sparsity", "90 % interval")
    for layer in prediction.layers:
        sparsity = _cells(layer.sparsity, ".3f")
        table.add_row(layer.layer, f"{layer.spikes_in:,.0f}", f"{layer.latency_cycles:,.0f}", *sparsity)
    return table


def _neighbors(prediction: Prediction) -> Table:
    columns = ("surrogate", "neuron", "thr.", "accuracy", "sparsity", "cycles", "seeds")
    table = plain_table("nearest measured configurations", *columns)
    for neighbor in prediction.neighbours:
        choices = neighbor.choices
        table.add_row(
            f"{shortest_name(choices['surrogate'])} {choices['slope']:g}",
            f"{choices['neuron']} {choices['beta']:g}",
            f"{choices['threshold']:g}",
            _optional(neighbor.accuracy, ".3f"),
            _optional(neighbor.sparsity, ".3f"),
            _optional(neighbor.latency_cycles, ",.0f"),
            ", ".join(f"{count} {status}" for status, count in neighbor.outcomes.items()),
        )
    return table


def _cells(interval: Interval, form: str) -> tuple[str, str]:
    return format(interval.value, form), f"{interval.low:{form}} to {interval.high:{form}}"


def _optional(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


#: Heading and decimals of every target that has a column.
_COLUMNS = {
    name: (HEADINGS[name].unit if name == "latency_cycles" else HEADINGS[name].ascii, HEADINGS[name].decimals)
    for name in ("accuracy", "sparsity", "latency_cycles", "energy_nj")
}


def show_explanation(explanation: Explanation, written: Mapping[str, Any]) -> None:
    """Print an explanation; ``written`` has the values of choices and hardware as the user wrote them."""
    console = plain_console()
    console.print()
    console.print(_moves(explanation, written))
    if explanation.layers:
        console.print(_explained_layers(explanation))
    for note in _notes(explanation):
        console.print(note)


def _moves(explanation: Explanation, written: Mapping[str, Any]) -> Table:
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


def _explained_layers(explanation: Explanation) -> Table:
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

"""``spikecast predict``: what to expect of a network before it is trained."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spikecast.surrogates import shortest_name
from spikecast_cli.choice_options import with_choices
from spikecast_cli.common_options import HardwareOption, ModelOption

if TYPE_CHECKING:
    from rich.table import Table

    from spikecast.predictor import Interval, Prediction


@with_choices(exclude="seed")
def predict(
    choices: dict[str, Any],
    hardware: HardwareOption = "sparse-core",
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
    from spikecast.choices import TrainingChoices
    from spikecast.errors import InputError
    from spikecast.predictor import Predictor
    from spikecast_cli.explanation_tables import show_explanation

    if batch is not None or out is not None:
        if explain:
            raise InputError("--explain is for a single network: leave it out, or ask without --batch and --out")
        _predict_batch(batch, out, choices, hardware, model, as_json)
        return
    asked = TrainingChoices(**choices)
    predictor = Predictor.load(model)
    prediction = predictor.predict(asked, hardware=hardware)
    explanation = predictor.explain(choices, hardware) if explain else None
    for warning in asked.warnings:
        print(f"spikecast: warning: {warning}", file=sys.stderr)
    if as_json:
        explained = {} if explanation is None else {"explanation": explanation.to_dict()}
        print(json.dumps(prediction.to_dict() | explained, indent=2))
        return
    _show(prediction)
    if explanation is not None:
        show_explanation(explanation, choices | {"hardware": hardware})


def _predict_batch(
    batch: Path | None, out: Path | None, choices: dict[str, Any], hardware: str, model: Path | None, as_json: bool
) -> None:
    """Rows and their predictions side by side, and how many could not be answered."""
    from spikecast.errors import InputError
    from spikecast.output_path import require_file_path
    from spikecast.predictor import Predictor
    from spikecast_cli.batch_table import SUFFIXES, read_table, write_table

    if batch is None or out is None:
        raise InputError("--batch and --out belong together: --batch in.csv --out out.csv")
    if choices:
        raise InputError(
            f"--{next(iter(choices)).replace('_', '-')} is for a single network: make it a column of {batch}"
        )
    require_file_path(out, "a table", *SUFFIXES)
    asked = read_table(batch)
    predicted = Predictor.load(model).predict_frame(asked, hardware)
    write_table(asked.join(predicted), out)
    refused = predicted["error"].notna()
    counts = {"out": str(out), "rows": len(asked), "refused": int(refused.sum())}
    if as_json:
        print(json.dumps(counts))
        return
    print(f"{out}: {counts['rows']} rows, {counts['refused']} without an answer, see column error")
    if refused.any():
        print(f"first of them, row {refused.to_numpy().argmax() + 1}: {predicted.loc[refused, 'error'].iloc[0]}")


def _show(prediction: Prediction) -> None:
    from spikecast_cli.tables import plain_console

    console = plain_console()
    source = prediction.provenance
    console.print(_question(prediction.choices))
    console.print(_answer(prediction))
    console.print(_layers(prediction))
    outcomes = sorted(prediction.outcome.items(), key=lambda item: -item[1])
    console.print("outcome: " + ", ".join(f"{name} {probability:.2f}" for name, probability in outcomes))
    where = "inside" if prediction.in_domain else "OUTSIDE"
    console.print(f"domain: {where} what was measured{''.join(f'; {reason}' for reason in prediction.reasons)}")
    console.print(_neighbours(prediction))
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
    from spikecast_cli.tables import plain_table

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


def _layers(prediction: Prediction) -> Table:
    from spikecast_cli.tables import plain_table

    table = plain_table("layer by layer", "", "spikes in", "cycles", "sparsity", "90 % interval")
    for layer in prediction.layers:
        sparsity = _cells(layer.sparsity, ".3f")
        table.add_row(layer.layer, f"{layer.spikes_in:,.0f}", f"{layer.latency_cycles:,.0f}", *sparsity)
    return table


def _neighbours(prediction: Prediction) -> Table:
    from spikecast_cli.tables import plain_table

    columns = ("surrogate", "neuron", "thr.", "accuracy", "sparsity", "cycles", "seeds")
    table = plain_table("nearest measured configurations", *columns)
    for neighbour in prediction.neighbours:
        choices = neighbour.choices
        table.add_row(
            f"{shortest_name(choices['surrogate'])} {choices['slope']:g}",
            f"{choices['neuron']} {choices['beta']:g}",
            f"{choices['threshold']:g}",
            _optional(neighbour.accuracy, ".3f"),
            _optional(neighbour.sparsity, ".3f"),
            _optional(neighbour.latency_cycles, ",.0f"),
            ", ".join(f"{count} {status}" for status, count in neighbour.outcomes.items()),
        )
    return table


def _cells(interval: Interval, form: str) -> tuple[str, str]:
    return format(interval.value, form), f"{interval.low:{form}} to {interval.high:{form}}"


def _optional(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)

"""A prediction as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spikecast.surrogates import shortest_name
from spikecast_cli.tables import plain_console, plain_table

if TYPE_CHECKING:
    from rich.table import Table

    from spikecast.predictor import Interval, Prediction


def show_prediction(prediction: Prediction) -> None:
    """Print everything that is predicted, how far to trust it, and what was measured near it."""
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
    cycles = "done at" if prediction.provenance["mode"] == "pipeline" else "cycles"
    table = plain_table("layer by layer", "", "spikes in", cycles, "sparsity", "90 % interval")
    for layer in prediction.layers:
        sparsity = _cells(layer.sparsity, ".3f")
        table.add_row(layer.layer, f"{layer.spikes_in:,.0f}", f"{layer.latency_cycles:,.0f}", *sparsity)
    return table


def _neighbours(prediction: Prediction) -> Table:
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

"""What ``simulate`` prints: layers, then latency, energy and operations over the samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from spikecast_cli.tables import plain_console, plain_table

if TYPE_CHECKING:
    from spikecast.accelerator import Hardware


def show_summary(summary: dict[str, Any], hardware: Hardware) -> None:
    """Print ``summarise``'s result, and what a simulation adds to it."""
    console = plain_console()
    console.print(
        f"{summary['samples']} samples, {summary['timesteps']} timesteps on {hardware.name}: {hardware.description}"
    )
    console.print(_layer_table("spikes and cycles, mean of samples", summary["layers"], _ACTIVITY))
    console.print(_layer_table("engines", summary["layers"], _ENGINES))
    _show_spreads(console, summary, hardware)
    if summary["timing"] == "generalised":
        console.print(f"timing generalised beyond its reference: {'; '.join(summary['timing_reasons'])}")


#: Columns of the two layer tables: name in ``layer_report``, head, form.
_ACTIVITY = (
    ("spikes_in", "spikes in", ",.0f"),
    ("sparsity", "sparsity", ".3f"),
    ("done_cycles", "done", ",.0f"),
    ("drained_cycles", "drained", ",.0f"),
    ("share", "share", ".0%"),
)
_ENGINES = (
    ("cores", "cores", "d"),
    ("unit_size", "neurons a unit", "d"),
    ("utilisation", "in use", ".0%"),
    ("bound", "bound by", "s"),
    ("done_cycles", "done", ",.0f"),
    ("floor_cycles", "serial floor", ",.0f"),
)


def _layer_table(title: str, layers: list[dict[str, Any]], columns: tuple[tuple[str, str, str], ...]) -> Table:
    shown = [column for column in columns if column[0] in layers[0]]
    table = plain_table(title, "layer", *(head for _, head, _ in shown))
    for layer in layers:
        table.add_row(layer["layer"], *(format(layer[name], form) for name, _, form in shown))
    return table


def _show_spreads(console: Console, summary: dict[str, Any], hardware: Hardware) -> None:
    table = plain_table("inference", "", "mean", "p50", "p95", "max")
    for label, name, form in (
        ("latency, cycles", "latency_cycles", ",.0f"),
        (f"latency, us at {hardware.clock_mhz:g} MHz", "latency_us", ",.1f"),
        ("energy, nJ (estimate)", "energy_nj", ",.0f"),
        ("synaptic operations", "synaptic_operations", ",.0f"),
    ):
        if summary.get(name) is not None:
            table.add_row(label, *(format(value, form) for value in summary[name].values()))
    console.print(table)
    for name in ("accuracy", "sparsity"):
        if name in summary:
            console.print(f"{name} {summary[name]:.3f}")
    if summary["energy_parts_nj"] is not None:
        parts = ", ".join(f"{part.replace('_', ' ')} {nj:,.0f}" for part, nj in summary["energy_parts_nj"].items())
        console.print(f"energy parts, nJ: {parts}; an estimate: see spikecast hardware show {hardware.name}")

"""``spikecast simulate``: what a trained network does on the hardware, layer by layer, then over the samples."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

import spikecast
from spikecast._util.files import require_file_path, whole_file
from spikecast.accelerator import DEFAULT_HARDWARE
from spikecast.architecture import predicted_classes
from spikecast.errors import InputError
from spikecast_cli.options import HardwareOption, with_options
from spikecast_cli.sources import Labels, NetworkSource, input_spikes, open_source
from spikecast_cli.tables import plain_console, plain_table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spikecast.accelerator import Hardware, Latency, SimulationResult, Trace


@dataclass(frozen=True)
class Simulation:
    """What ``spikecast simulate`` is asked: a source, the hardware, what it is fed, and what is kept of it."""

    source: Annotated[
        Path,
        typer.Argument(
            help="A spikecast network or trace (.npz), a NIR file (.nir), or a data folder with --key.",
            show_default=False,
        ),
    ]
    hardware: HardwareOption = DEFAULT_HARDWARE
    spikes: Annotated[
        Path | None, typer.Option(help="Input spikes, .npy or .npz: 0 or 1, [samples, timesteps, ...].")
    ] = None
    dataset: Annotated[str | None, typer.Option(help="Instead of --spikes: a data set's evaluation part.")] = None
    timesteps: Annotated[
        int | None, typer.Option(min=1, max=1000, help="Time bins of a recording, with --dataset.")
    ] = None
    samples: Annotated[int | None, typer.Option(min=1, help="Only so many samples, from the first.")] = None
    key: Annotated[str | None, typer.Option(help="Network of a data folder: its key, or the start of it.")] = None
    reset: Annotated[str | None, typer.Option(help="Of a NIR file: subtract, zero or none.")] = None
    time_step: Annotated[float | None, typer.Option(help="Of a NIR file: seconds; 0.0001 if left out.")] = None
    fires_at_threshold: Annotated[
        bool,
        typer.Option(
            "--fires-at-threshold",
            help="Of a NIR file: a membrane at the threshold fires, as in SpikingJelly.",
        ),
    ] = False
    weight_bits: Annotated[int | None, typer.Option(help="Round a float network's weights to 4 or 8 bits first.")] = (
        None
    )
    threads: Annotated[int | None, typer.Option(min=1, help="Cores to use; all if left out.")] = None
    save_trace: Annotated[Path | None, typer.Option(help="Keep the trace in this .npz file.")] = None
    neurobench: Annotated[
        Path | None, typer.Option(help="Write the network's results under NeuroBench's names, .json.")
    ] = None
    plot: Annotated[Path | None, typer.Option(help="Draw timeline and cycles per layer, .html or .png.")] = None
    sample: Annotated[int | None, typer.Option(min=0, help="Sample of the timeline; the most typical if left out.")] = (
        None
    )
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False


@with_options(Simulation)
def simulate(_context: typer.Context, asked: Simulation) -> None:
    """Run a network on event-driven hardware, or time a trace again: spikes, cycles, energy, layer by layer."""
    _check_files(asked)
    hardware = spikecast.load_hardware(asked.hardware)
    opened = open_source(asked.source, asked.key, asked.reset, asked.time_step, asked.fires_at_threshold)
    if isinstance(opened, NetworkSource):
        found = _simulated(opened, hardware, asked)
    else:
        found = _timed(opened, hardware, asked)
    if asked.plot is not None:
        report = spikecast.report
        figure = report.simulation_figure(found.trace, found.latency, hardware, asked.sample, found.layer_sparsity)
        report.write_figure(figure, asked.plot)
    if asked.neurobench is not None:
        with whole_file(asked.neurobench) as temporary:
            temporary.write_text(json.dumps(found.neurobench, indent=4) + "\n", encoding="utf-8")
    if asked.save_trace is not None:
        spikecast.accelerator.save_trace(found.trace, asked.save_trace)
    if asked.as_json:
        print(json.dumps(found.summary, indent=2))
    else:
        show_summary(found.summary, hardware)


@dataclass(frozen=True)
class Found:
    """What came of a source: ``summarize``'s result and more, and what pictures and files are made of."""

    trace: Trace
    latency: Latency
    summary: dict[str, Any]
    layer_sparsity: NDArray[np.float64] | None = None
    neurobench: dict[str, Any] | None = None


def _timed(opened: Trace, hardware: Hardware, asked: Simulation) -> Found:
    """A trace on other hardware."""
    of_networks = (asked.spikes, asked.dataset, asked.timesteps, asked.weight_bits, asked.neurobench)
    if any(given is not None for given in of_networks):
        raise InputError(
            f"{asked.source} holds a trace: leave out --spikes, --dataset, --timesteps, --weight-bits and "
            "--neurobench, which are for networks"
        )
    trace = opened.take(slice(asked.samples))
    latency = spikecast.accelerator.time_trace(trace, hardware)
    return Found(trace, latency, spikecast.accelerator.summarize(trace, latency, hardware))


def _simulated(opened: NetworkSource, hardware: Hardware, asked: Simulation) -> Found:
    """A network, spike by spike."""
    accelerator, bits = spikecast.accelerator, asked.weight_bits
    network = opened.network if bits is None else accelerator.quantized(opened.network, bits)
    frames, labels = input_spikes(network, opened.choices, asked.spikes, asked.dataset, asked.timesteps)
    result = accelerator.simulate(
        network, frames[: asked.samples], hardware, threads=asked.threads, near_threshold=True
    )
    trace, latency, sparsity = result.trace, result.latency, result.layer_sparsity
    summary = accelerator.summarize(trace, latency, hardware) | _of_network(result, labels)
    for layer, share in zip(summary["layers"], sparsity, strict=True):
        layer["sparsity"] = float(share)
    results = accelerator.neurobench_results(network, result, summary.get("accuracy"))
    return Found(trace, latency, summary, sparsity, results)


def _check_files(asked: Simulation) -> None:
    """Refuse a file that cannot be written before anything is computed."""
    if asked.plot is not None:
        spikecast.report.require_figure_path(asked.plot)
    elif asked.sample is not None:
        raise InputError(
            f"--sample {asked.sample} chooses whose timeline --plot draws: add --plot FILE, or leave it out"
        )
    if asked.save_trace is not None:
        require_file_path(asked.save_trace, "a trace", ".npz")
    if asked.neurobench is not None:
        require_file_path(asked.neurobench, "results", ".json")


def _of_network(result: SimulationResult, labels: Labels | None) -> dict[str, Any]:
    """What a simulation says beyond a trace's timing."""
    assert result.near_threshold is not None
    found: dict[str, Any] = {
        "sparsity": result.sparsity,
        "activation_sparsity": result.activation_sparsity,
        "synaptic_operations": spikecast.accelerator.spread(result.synaptic_operations),
        "near_threshold": int(result.near_threshold.sum()),
    }
    if labels is not None and result.output_spikes.shape[2] % labels.classes == 0:
        answers = predicted_classes(result.output_spikes, labels.classes)
        found["accuracy"] = float((answers == labels.of_samples[: len(answers)]).mean())
    return found


def show_summary(summary: dict[str, Any], hardware: Hardware) -> None:
    """Print ``summarize``'s result, and what a simulation adds to it."""
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
    if summary.get("near_threshold"):
        console.print(
            f"{summary['near_threshold']:,} decisions within 1e-6 of the threshold: rounding made them, and sums in "
            "another order may make them otherwise"
        )
    if summary["energy_parts_nj"] is not None:
        parts = ", ".join(f"{part.replace('_', ' ')} {nj:,.0f}" for part, nj in summary["energy_parts_nj"].items())
        console.print(f"energy parts, nJ: {parts}; an estimate: see spikecast hardware show {hardware.name}")

"""``spikecast hardware``: descriptions of accelerators, and the best use of their cores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spikecast.output_path import require_file_path

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from spikecast.accelerator import Balance, Hardware

app = typer.Typer()

AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the descriptions that come with spikecast."""
    from spikecast.accelerator import load_hardware, shipped_hardware
    from spikecast_cli.tables import plain_console, plain_table

    all_shipped = [load_hardware(name) for name in shipped_hardware()]
    if as_json:
        print(json.dumps([hardware.model_dump(mode="json") for hardware in all_shipped], indent=2))
        return
    table = plain_table("shipped hardware", "name", "mode", "MHz", "description")
    table.columns[1].justify = table.columns[3].justify = "left"
    table.columns[3].no_wrap = False
    for hardware in all_shipped:
        table.add_row(hardware.name, hardware.mode, f"{hardware.clock_mhz:g}", hardware.description)
    plain_console().print(table)


@app.command()
def show(
    hardware: Annotated[str, typer.Argument(help="Shipped hardware or a YAML file.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Show every figure of a description and where it comes from."""
    from spikecast.accelerator import load_hardware
    from spikecast_cli.tables import plain_console

    described = load_hardware(hardware)
    if as_json:
        print(described.model_dump_json(indent=2))
    else:
        _show_figures(plain_console(), described)


@app.command()
def check(
    hardware: Annotated[Path, typer.Argument(help="A YAML file.", show_default=False)],
    architecture: Annotated[
        str | None, typer.Option(help="Also check that its cores fit this network, e.g. csnn-s.")
    ] = None,
    input_size: Annotated[int, typer.Option(min=1, help="Side of that network's input frame in pixels.")] = 32,
    as_json: AsJson = False,
) -> None:
    """Check a description; an error names the line."""
    from spikecast.accelerator import load_hardware

    described = load_hardware(hardware)
    shares = {} if architecture is None else _allocation(described, architecture, input_size)
    if as_json:
        print(json.dumps({"hardware": described.name, "valid": True, "allocation": shares}))
    else:
        listed = "".join(f", {name} {share}" for name, share in shares.items())
        print(f"{hardware}: {described.name} is valid{listed}")


@app.command()
def balance(
    trace: Annotated[Path, typer.Option(help="A trace (.npz) or a data folder with --key.", show_default=False)],
    cores: Annotated[int, typer.Option(min=1, help="Cores in all.", show_default=False)],
    key: Annotated[str | None, typer.Option(help="Network of a data folder: its key, or the start of it.")] = None,
    hardware: Annotated[str, typer.Option(help="Everything but the cores: shipped or a YAML file.")] = "sparse-core",
    out: Annotated[Path | None, typer.Option(help="Write the description with these cores to a YAML file.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw latency against cores, .html or .png.")] = None,
    as_json: AsJson = False,
) -> None:
    """Find the cores per layer with the lowest mean latency within a budget, by the exact law."""
    from spikecast.accelerator import balance_cores, load_hardware
    from spikecast_cli.trace_source import open_trace

    _check_files(out, plot)
    base = load_hardware(hardware)
    opened = open_trace(trace, key)
    found = balance_cores(opened, cores, base)
    names = [shape.name for shape in opened.shapes]
    if out is not None:
        _write(found, base, out)
    if plot is not None:
        from spikecast.report import balance_figure, write_figure

        figure = balance_figure(
            found.budgets, found.curve_cycles, found.floor_cycles, found.budgets[-1], found.proportional_curve_cycles
        )
        write_figure(figure, plot)
    if as_json:
        print(json.dumps(_as_json(found, names), indent=2))
    else:
        _show_balance(found, names, cores)


def _allocation(hardware: Hardware, architecture: str, input_size: int) -> dict[str, int | str]:
    """What each layer of a network gets; a balanced budget is shared out only once there are spikes."""
    from spikecast.accelerator.allocation import fixed_allocation, require_a_core_each
    from spikecast.accelerator.hardware import BalancedCores
    from spikecast.architecture import layer_shapes
    from spikecast.datasets import POLARITIES

    shapes = layer_shapes(architecture, POLARITIES, input_size)
    if isinstance(hardware.cores, BalancedCores):
        require_a_core_each(shapes, hardware.cores.balanced)
        return dict.fromkeys((shape.name for shape in shapes), "balanced")
    return dict(zip((shape.name for shape in shapes), fixed_allocation(shapes, hardware), strict=True))


def _show_figures(console: Console, hardware: Hardware) -> None:
    from spikecast_cli.tables import plain_table

    console.print(f"{hardware.name}: {hardware.description}")
    table = plain_table("", "figure", "value", "where it comes from")
    table.columns[1].no_wrap = table.columns[2].no_wrap = False
    table.columns[2].justify = "left"
    for name, value in hardware.figures.items():
        table.add_row(name, _figure(value), hardware.source_of(name))
    console.print(table)
    if hardware.energy is not None:
        console.print("energy figures give an estimate: no power model was published with the hardware")


def _figure(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _check_files(out: Path | None, plot: Path | None) -> None:
    """Refuse a file that cannot be written before anything is computed."""
    if out is not None:
        require_file_path(out, "a description", ".yaml", ".yml")
    if plot is not None:
        from spikecast.report import require_figure_path

        require_figure_path(plot)


def _write(found: Balance, base: Hardware, out: Path) -> None:
    """Write ``base`` with the cores found, and say in its provenance how they were."""
    import yaml

    from spikecast.accelerator import Hardware
    from spikecast.whole_file import whole_file

    source = f"lowest mean latency within {found.budgets[-1]} cores, by spikecast hardware balance"
    described = Hardware(
        **base.model_dump(exclude={"name", "description", "cores", "provenance"}),
        name=out.stem,
        description=f"{base.name} with cores balanced for one trace",
        cores=found.cores,
        provenance={**base.provenance, "cores": source},
    )
    with whole_file(out) as temporary:
        text = yaml.safe_dump(described.model_dump(mode="json", exclude_none=True), sort_keys=False, width=120)
        temporary.write_text(text, encoding="utf-8")


def _as_json(found: Balance, names: list[str]) -> dict[str, Any]:
    return {
        "cores": dict(zip(names, found.cores, strict=True)),
        "latency_cycles": found.mean_cycles,
        "proportional": {
            "cores": dict(zip(names, found.proportional_cores, strict=True)),
            "latency_cycles": found.proportional_cycles,
        },
        "floor_cycles": found.floor_cycles,
        "curve": {"cores": found.budgets.tolist(), "latency_cycles": found.curve_cycles.tolist()},
    }


def _show_balance(found: Balance, names: list[str], budget: int) -> None:
    from spikecast_cli.tables import plain_console, plain_table

    console = plain_console()
    table = plain_table(f"allocation of {budget} cores", "layer", "best", "proportional rule")
    for name, best, rule in zip(names, found.cores, found.proportional_cores, strict=True):
        table.add_row(name, str(best), str(rule), end_section=name == names[-1])
    table.add_row("cores used", str(sum(found.cores)), str(sum(found.proportional_cores)))
    table.add_row("mean latency, cycles", f"{found.mean_cycles:,.0f}", f"{found.proportional_cycles:,.0f}")
    console.print(table)
    console.print(_curve(found))
    console.print(f"floor that cores cannot pass: {found.floor_cycles:,.0f} cycles")


def _curve(found: Balance) -> Table:
    """Latency within some smaller budgets, each about twice the one before."""
    from spikecast_cli.tables import plain_table

    fewest, most = int(found.budgets[0]), int(found.budgets[-1])
    shown = [fewest]
    while shown[-1] * 2 < most:
        shown.append(shown[-1] * 2)
    table = plain_table("lowest mean latency within a budget", "cores", "cycles", "times the floor")
    for budget in [*shown, *([most] if most > shown[-1] else [])]:
        cycles = found.curve_cycles[budget - fewest]
        table.add_row(str(budget), f"{cycles:,.0f}", f"{cycles / found.floor_cycles:.2f}")
    return table

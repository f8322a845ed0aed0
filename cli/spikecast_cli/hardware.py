"""``spikecast hardware``: descriptions of accelerators."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import spikecast
from spikecast.architecture import layer_shapes
from spikecast.datasets import POLARITIES
from spikecast_cli.hardware_balance import balance
from spikecast_cli.options import AsJson
from spikecast_cli.tables import plain_console, plain_table

if TYPE_CHECKING:
    from rich.console import Console

    from spikecast.accelerator import Hardware

app = typer.Typer()


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the descriptions that come with spikecast."""
    accelerator = spikecast.accelerator
    all_shipped = [accelerator.load_hardware(name) for name in accelerator.shipped_hardware()]
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
    described = spikecast.load_hardware(hardware)
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
    described = spikecast.load_hardware(hardware)
    shares = {} if architecture is None else _allocation(described, architecture, input_size)
    if as_json:
        print(json.dumps({"hardware": described.name, "valid": True, "allocation": shares}))
    else:
        listed = "".join(f", {name} {share}" for name, share in shares.items())
        print(f"{hardware}: {described.name} is valid{listed}")


app.command()(balance)


def _allocation(hardware: Hardware, architecture: str, input_size: int) -> dict[str, int | str]:
    """What each layer of a network gets; a balanced budget is shared out only once there are spikes."""
    shapes = layer_shapes(architecture, POLARITIES, input_size)
    planned = spikecast.accelerator.planned_allocation(shapes, hardware) or ("balanced",) * len(shapes)
    return dict(zip((shape.name for shape in shapes), planned, strict=True))


def _show_figures(console: Console, hardware: Hardware) -> None:
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

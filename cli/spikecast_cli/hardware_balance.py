"""``spikecast hardware balance``: the best use of a budget of cores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import yaml

import spikecast
from spikecast._util.files import require_file_path, whole_file
from spikecast.accelerator import DEFAULT_HARDWARE
from spikecast_cli.options import AsJson
from spikecast_cli.sources import open_trace
from spikecast_cli.tables import plain_console, plain_table

if TYPE_CHECKING:
    from rich.table import Table

    from spikecast.accelerator import Balance, Hardware


def balance(
    trace: Annotated[Path, typer.Option(help="A trace (.npz) or a data folder with --key.", show_default=False)],
    cores: Annotated[int, typer.Option(min=1, help="Cores in all.", show_default=False)],
    key: Annotated[str | None, typer.Option(help="Network of a data folder: its key, or the start of it.")] = None,
    hardware: Annotated[str, typer.Option(help="Everything but the cores: shipped or a YAML file.")] = DEFAULT_HARDWARE,
    out: Annotated[Path | None, typer.Option(help="Write the description with these cores to a YAML file.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw latency against cores, .html or .png.")] = None,
    as_json: AsJson = False,
) -> None:
    """Find the cores per layer with the lowest mean latency within a budget, by the exact law."""
    _check_files(out, plot)
    base = spikecast.load_hardware(hardware)
    opened = open_trace(trace, key)
    found = spikecast.accelerator.balance_cores(opened, cores, base)
    names = [shape.name for shape in opened.shapes]
    if out is not None:
        _write(found, base, out)
    if plot is not None:
        figure = spikecast.report.balance_figure(
            found.budgets, found.curve_cycles, found.floor_cycles, found.budgets[-1], found.proportional_curve_cycles
        )
        spikecast.report.write_figure(figure, plot)
    if as_json:
        print(json.dumps(_as_json(found, names), indent=2))
    else:
        _show_balance(found, names, cores)


def _check_files(out: Path | None, plot: Path | None) -> None:
    """Refuse a file that cannot be written before anything is computed."""
    if out is not None:
        require_file_path(out, "a description", ".yaml", ".yml")
    if plot is not None:
        spikecast.report.require_figure_path(plot)


def _write(found: Balance, base: Hardware, out: Path) -> None:
    """Write ``base`` with the cores found, and say in its provenance how they were."""
    source = f"lowest mean latency within {found.budgets[-1]} cores, by spikecast hardware balance"
    described = spikecast.accelerator.Hardware(
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
    fewest, most = int(found.budgets[0]), int(found.budgets[-1])
    shown = [fewest]
    while shown[-1] * 2 < most:
        shown.append(shown[-1] * 2)
    table = plain_table("lowest mean latency within a budget", "cores", "cycles", "times the floor")
    for budget in [*shown, *([most] if most > shown[-1] else [])]:
        cycles = found.curve_cycles[budget - fewest]
        table.add_row(str(budget), f"{cycles:,.0f}", f"{cycles / found.floor_cycles:.2f}")
    return table

"""Measure the event-driven simulator: side by side with others, in one run, on this machine.

    python benchmarks/simulator.py --cache DIR --json FILE

Nothing here is asserted. Every figure is the median over some rounds, with its range; what is compared takes turns.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
from dataclasses import asdict, is_dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import torch
import typer
from measuring import Settings, Tables, shown
from rich.console import Console
from rich.table import Table

PARTS = {"a": "throughput", "b": "density", "c": "retiming", "d": "first_call", "e": "fully_connected"}


def main(
    only: Annotated[str, typer.Option(help="parts to run, such as a,c; README.md names them")] = ",".join(PARTS),
    json_file: Annotated[Path | None, typer.Option("--json", help="also write the figures to this file")] = None,
    cache: Annotated[Path | None, typer.Option(help="folder that keeps trained weights for the next run")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="times that each figure is measured")] = 9,
    quick: Annotated[bool, typer.Option(help="a short run: 3 rounds, one network in part a")] = False,
) -> None:
    """Measure the event-driven simulator."""
    chosen = only.split(",")
    if unknown := set(chosen) - set(PARTS):
        raise typer.BadParameter(f"no part {', '.join(sorted(unknown))}: choose from {', '.join(PARTS)}")
    torch.set_num_threads(1)
    settings = Settings(3 if quick else rounds, quick, cache)
    console = Console(width=None if os.isatty(1) else 200)
    console.print(", ".join(f"{name} {value}" for name, value in _machine().items()))
    before, measured = os.getloadavg()[0], Tables()
    for part in chosen:
        tables = importlib.import_module(PARTS[part]).tables(settings)
        _show(tables, console)
        measured |= tables
    # Averages of one minute; this run itself adds about 1 to the second.
    load = {"load before": before, "load after": os.getloadavg()[0]}
    console.print(", ".join(f"{name} {value:.2f}" for name, value in load.items()))
    if json_file:
        figures = {"machine": _machine(), **load, "rounds": settings.rounds, "tables": measured}
        json_file.write_text(json.dumps(figures, indent=1, default=_as_json) + "\n")


def _show(tables: Tables, console: Console) -> None:
    for title, rows in tables.items():
        table = Table(*rows[0], title=title, title_justify="left")
        for row in rows:
            table.add_row(*map(shown, row.values()))
        console.print(table)


def _as_json(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{value!r} has no place in JSON")


def _machine() -> dict[str, str]:
    packages = {name: version(name) for name in ("spikecast", "numpy", "numba", "torch", "snntorch")}
    return {"processor": _processor(), "cores": str(os.cpu_count()), "Python": platform.python_version(), **packages}


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


if __name__ == "__main__":
    typer.run(main)

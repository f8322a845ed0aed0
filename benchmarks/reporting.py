"""What every benchmark prints and writes: the machine, its load, and tables of figures."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from importlib.metadata import version
from pathlib import Path

from measuring import Tables, shown
from rich.console import Console
from rich.table import Table


def report(parts: Iterable[Tables], rounds: int, json_file: Path | None) -> None:
    """Print every part's tables as soon as they are measured; write all figures to a file if asked for."""
    console = Console(width=None if os.isatty(1) else 200)
    console.print(", ".join(f"{name} {value}" for name, value in _machine().items()))
    before, measured = os.getloadavg()[0], Tables()
    for tables in parts:
        _show(tables, console)
        measured |= tables
    # Averages of one minute; this run itself adds about 1 to the second.
    load = {"load before": before, "load after": os.getloadavg()[0]}
    console.print(", ".join(f"{name} {value:.2f}" for name, value in load.items()))
    if json_file:
        figures = {"machine": _machine(), **load, "rounds": rounds, "tables": measured}
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

"""Measure the event-driven simulator: side by side with others, in one run, on this machine.

    python benchmarks/simulator.py --cache DIR --json FILE

Nothing here is asserted. Every figure is the median over some rounds, with its range; what is compared takes turns.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated

import torch
import typer
from measuring import Settings
from reporting import report

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
    parts = (importlib.import_module(PARTS[part]).tables(settings) for part in chosen)
    report(parts, settings.rounds, json_file)


if __name__ == "__main__":
    typer.run(main)

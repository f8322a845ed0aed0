"""Measure the predictor: one answer, many answers, the command line, our model runtime beside the libraries', a fit.

    python benchmarks/predictor.py --json FILE

Nothing here is asserted. Every figure is the median over some rounds, with its range; what is compared takes turns, on
one thread (but for the fit). It needs the ``train`` extra, which holds the libraries that fitted the models.
"""

from __future__ import annotations

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")

import importlib
from pathlib import Path
from typing import Annotated

import typer
from measuring import Settings
from reporting import report

PARTS = {"a": "one_answer", "b": "bulk_answers", "c": "command_line", "d": "model_runtime", "e": "fitting"}


def main(
    only: Annotated[str, typer.Option(help="parts to run, such as a,c; README.md names them")] = ",".join(PARTS),
    json_file: Annotated[Path | None, typer.Option("--json", help="also write the figures to this file")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="times that each figure is measured")] = 9,
) -> None:
    """Measure the predictor."""
    chosen = only.split(",")
    if unknown := set(chosen) - set(PARTS):
        raise typer.BadParameter(f"no part {', '.join(sorted(unknown))}: choose from {', '.join(PARTS)}")
    settings = Settings(rounds, quick=False, cache=None)
    report((importlib.import_module(PARTS[part]).tables(settings) for part in chosen), rounds, json_file)


if __name__ == "__main__":
    typer.run(main)

"""Measure whole trials: how many a core finishes in an hour, and whether a worker's memory stays flat.

    python benchmarks/trials.py --json FILE

Trials run one behind the other in one process, as in one worker of ``spikecast characterize``. Nothing is asserted.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from measuring import Cell, Tables, seconds_of, spread
from reporting import report

from spikecast.accelerator import load_hardware
from spikecast.characterize.trial import run_trial
from spikecast.choices import TrainingChoices

#: Networks with their epochs and batch size, as in ``spaces/``.
NETWORKS = {"csnn-s": (12, 32), "vgg9": (8, 16)}
#: How often memory is looked at.
_EVERY = 20
_MEGABYTE = 2**20


def main(
    repeats: Annotated[int, typer.Option(min=1, help="trials of each network that are timed")] = 3,
    trials: Annotated[int, typer.Option(min=1, help="short trials over which memory is followed")] = 200,
    json_file: Annotated[Path | None, typer.Option("--json", help="also write the figures to this file")] = None,
) -> None:
    """Measure whole trials."""
    report((_rates(repeats), _memory(trials)), repeats, json_file)


def _rates(repeats: int) -> Tables:
    rows: list[dict[str, Cell]] = []
    for name, (epochs, batch_size) in NETWORKS.items():
        choices = TrainingChoices(architecture=name, epochs=epochs, batch_size=batch_size, surrogate="atan")
        seconds = spread([seconds_of(partial(_trial, choices, seed)) for seed in range(repeats)])
        rows.append(
            {"network": name, "epochs": epochs, "s a trial": seconds, "trials a core and hour": 3600 / seconds.median}
        )
    return {"Whole trials on N-MNIST: train, export, simulate, compare": rows}


def _memory(trials: int) -> Tables:
    rows: list[dict[str, Cell]] = []
    for seed in range(trials):
        _trial(TrainingChoices(epochs=1), seed)
        if seed == 0 or (seed + 1) % _EVERY == 0:
            rows.append({"trials": seed + 1, "resident MB": _resident_bytes() / _MEGABYTE})
    return {"Memory of one worker, csnn-s, one epoch a trial": rows}


def _trial(choices: TrainingChoices, seed: int) -> None:
    run_trial(choices.model_copy(update={"seed": seed}), load_hardware("sparse-core"))


def _resident_bytes() -> int:
    """Memory that this process holds now; Linux alone tells it this way."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    typer.run(main)

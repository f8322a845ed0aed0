"""Recommended networks trained and simulated, beside what was predicted, as ``recommend --verify`` prints it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import spikecast
from spikecast.errors import needs
from spikecast_cli.progress import show_progress
from spikecast_cli.tables import TARGETS, number_cell, plain_console, plain_table, range_cell

if TYPE_CHECKING:
    from spikecast.advise import Verification
    from spikecast.predictor import Prediction


def require_training(command: str) -> None:
    """Check that networks can be trained here.

    Raises:
        InputError: names the package that is missing.
    """
    with needs(command, "train"):
        _ = spikecast.characterize.run_trial


def verified(predictions: Sequence[Prediction], hardware: str) -> list[Verification]:
    """Train and simulate each network with seed 0, with a bar on stderr."""
    target = spikecast.load_hardware(hardware)
    trials: list[Verification] = []

    def statuses() -> Iterator[str]:
        for prediction in predictions:
            trials.append(spikecast.advise.verify(prediction, target))
            yield trials[-1].status

    show_progress(statuses(), total=len(predictions), done=0)
    return trials


def show_verification(trials: Sequence[Verification]) -> None:
    """Print what was predicted beside what was measured."""
    columns = ("target", "predicted", "90 % interval", "measured", "inside")
    table = plain_table("trained and simulated, seed 0", "", *columns)
    table.columns[1].justify = "left"
    for number, trial in enumerate(trials, start=1):
        for check in trial.checks:
            target, predicted = check.target, check.predicted
            table.add_row(
                str(number) if check is trial.checks[0] else "",
                TARGETS[target],
                number_cell(target, predicted.value),
                range_cell(target, predicted.low, predicted.high),
                number_cell(target, check.measured),
                "yes" if check.inside else "NO",
                end_section=check is trial.checks[-1],
            )
        if not trial.checks:
            table.add_row(str(number), trial.status, end_section=True)
    console = plain_console()
    console.print(table)
    for number, trial in enumerate(trials, start=1):
        if trial.error is not None:
            console.print(f"{number} failed: {trial.error}")
    every = [check.inside for trial in trials for check in trial.checks]
    console.print(f"{sum(every)} of {len(every)} measured values lie inside their 90 % intervals.")

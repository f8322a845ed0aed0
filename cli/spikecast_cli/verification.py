"""Recommended networks trained and simulated, beside what was predicted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import spikecast
from spikecast.choices import TrainingChoices
from spikecast.errors import needs
from spikecast_cli.progress import show_progress
from spikecast_cli.tables import TARGETS, number_cell, plain_console, plain_table, range_cell

if TYPE_CHECKING:
    from spikecast.accelerator import Hardware
    from spikecast.advise import Check
    from spikecast.predictor import Prediction


@dataclass(frozen=True)
class Trial:
    """What became of a recommended network: its status, its error if it failed, and its targets if it is ok."""

    status: str
    error: str | None
    checks: tuple[Check, ...]

    def to_dict(self) -> dict[str, Any]:
        listed = [asdict(check) | {"inside": check.inside} for check in self.checks]
        return {"status": self.status, "error": self.error, "checks": listed}


def require_training(command: str) -> None:
    """Check that networks can be trained here.

    Raises:
        InputError: names the package that is missing.
    """
    with needs(command, "train"):
        _ = spikecast.characterize.run_trial


def verified(predictions: Sequence[Prediction], hardware: str) -> list[Trial]:
    """Train and simulate each network with seed 0, with a bar on stderr."""
    target, trials = spikecast.load_hardware(hardware), list[Trial]()

    def statuses() -> Iterator[str]:
        for prediction in predictions:
            trials.append(_trial(prediction, target))
            yield trials[-1].status

    show_progress(statuses(), total=len(predictions), done=0)
    return trials


def show_verification(trials: Sequence[Trial]) -> None:
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


def _trial(prediction: Prediction, hardware: Hardware) -> Trial:
    choices = TrainingChoices(**prediction.choices, seed=0)
    result = spikecast.characterize.run_trial(choices, hardware)
    row = result.row
    if row["status"] != "ok":
        return Trial(row["status"], row.get("error"), ())
    measured = {name: row[name] for name in ("accuracy", "sparsity")}
    measured["latency_us"] = hardware.microseconds(row["latency_cycles"])
    if hardware.energy is not None and result.network is not None:
        # Rows of trials hold no energy: it follows from the same network on the same recordings.
        recordings = spikecast.events.load_binned(choices.dataset, choices.timesteps, choices.input_size).evaluation
        measured["energy_nj"] = float(
            spikecast.accelerator.simulate(result.network, recordings, hardware, threads=1).energy_nj.mean()
        )
    return Trial("ok", None, spikecast.advise.checks(prediction, measured))

"""What ``spikecast characterize`` prints beside a run: how far it is, its plan, what to measure next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

import spikecast
from spikecast.errors import needs
from spikecast.wording import choices_in_words, network_in_words
from spikecast_cli.options import spoken_duration
from spikecast_cli.tables import plain_table, text_column

if TYPE_CHECKING:
    from spikecast.advise import Suggestion
    from spikecast.choices import TrainingChoices
    from spikecast.events import Identity

#: Names of classes that a line lists.
_FEW_CLASSES = 10


def show_status(folder: Path, as_json: bool) -> None:
    """Print how far the run into a data folder is."""
    with needs("status", "train"):
        status = spikecast.characterize.status_of(folder)
    if as_json:
        print(json.dumps({"folder": str(folder), "done": status.done, "failed": status.failed, **asdict(status)}))
        return
    listed = ", ".join(f"{count} {name}" for name, count in sorted(status.statuses.items()))
    print(f"{folder}: {status.done} done{listed and f': {listed}'}; {status.failed} failed; {status.running} running")
    newest = "never" if status.newest_finish is None else f"{datetime.fromtimestamp(status.newest_finish):%F %T}"
    print(
        f"{status.finished_last_hour} in the last hour, not counting merged ones; newest {newest}; "
        f"trained for {spoken_duration(status.train_seconds)} in all"
    )


def described_recordings(choices: TrainingChoices, identity: Identity, lit: float) -> str:
    """A line about a data set that was read: what there is, how it is split, how much of the frame is used."""
    classes = identity.classes
    listed = ", ".join(classes[:_FEW_CLASSES]) + (", ..." if len(classes) > _FEW_CLASSES else "")
    return (
        f"{choices.dataset}: {identity.recordings:,} recordings, {identity.events:,} events, {len(classes)} classes "
        f"({listed}); {identity.split}: {identity.trained:,} train, {identity.recordings - identity.trained:,} "
        f"evaluate; {identity.side} x {identity.side} pixels, {lit:.1%} lit at {choices.timesteps} timesteps of "
        f"{choices.input_size} x {choices.input_size}"
    )


def show_plan(trials: Sequence[TrainingChoices], out: Path, jobs: int, networks: bool, as_json: bool) -> None:
    """Print the plan; write nothing."""
    planned = spikecast.characterize.plan(trials, out, jobs, networks)
    if as_json:
        print(json.dumps({"out": str(out), "jobs": jobs, "left": planned.left, **asdict(planned)}))
        return
    print(f"{out}: {planned.finished} of {planned.trials} trials are finished, {planned.left} left")
    if not planned.left:
        return
    print(
        f"about {spoken_duration(planned.left_seconds)} with --jobs {jobs}, by the rate of {planned.rate_from}; "
        f"about {max(planned.left_bytes / 1e6, 0.1):.1f} MB of disk; nothing was run or written"
    )


def show_suggestion(console: Console, found: Suggestion, out: Path | None) -> None:
    """What to measure next; ``out`` is the space that it was written to."""
    all_choices = [network.choices.model_dump() for network in found.networks]
    networks = {network_in_words(choices) for choices in all_choices}
    if len(networks) == 1:
        console.print(f"{networks.pop()}\n")
    table = plain_table(
        "to measure next, each given those above it", "", "choices", "variance", "latency, us", "+- %", "ok"
    )
    text_column(table, 1)
    for number, (suggested, choices) in enumerate(zip(found.networks, all_choices, strict=True), start=1):
        words = choices_in_words(choices)
        if len(networks) > 1:
            words = f"{network_in_words(choices)}: {words}"
        table.add_row(
            f"{number}{'' if suggested.in_domain else ' *'}",
            words,
            f"{suggested.variance:.3f}",
            f"{suggested.latency_us.value:,.1f}",
            f"{suggested.half_width_percent:.0f}",
            f"{suggested.probability_ok:.2f}",
        )
    console.print(table)
    outside = "" if all(network.in_domain for network in found.networks) else "; * outside what was measured"
    console.print(
        f"Of {found.candidates:,} candidates, by turns that which the predictor can learn most from and one at random. "
        "Variance: of the spikes of their layers, 1 where nothing is known; +- %: half the 90 % interval; ok: the "
        "probability of training"
        f"{outside}."
    )
    if out is not None:
        console.print(f"{out}: run it with spikecast characterize --space {out} --out DATA", soft_wrap=True)

"""``spikecast recommend``: what to train."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

import spikecast
from spikecast.accelerator import DEFAULT_HARDWARE
from spikecast.wording import choices_in_words, network_in_words
from spikecast_cli.options import (
    CANDIDATES,
    Candidates,
    Fix,
    HardwareOption,
    ModelOption,
    parse_choices,
    parse_number,
)
from spikecast_cli.tables import TARGETS, interval_cell, plain_console, plain_table, text_column, warn_of
from spikecast_cli.verification import require_training, show_verification, verified

if TYPE_CHECKING:
    from spikecast.advise import Recommendation


def recommend(
    minimize: Annotated[
        str | None, typer.Option(help="What should be least.", metavar="latency|energy|spikes", show_default=False)
    ] = None,
    maximize: Annotated[
        str | None, typer.Option(help="What should be most.", metavar="accuracy|sparsity", show_default=False)
    ] = None,
    min_accuracy: Annotated[
        str | None, typer.Option(help="Least predicted accuracy, 0 to 1.", metavar="NUMBER", show_default=False)
    ] = None,
    max_latency_us: Annotated[
        str | None, typer.Option(help="Most predicted latency in us.", metavar="NUMBER", show_default=False)
    ] = None,
    fix: Fix = None,
    hardware: HardwareOption = DEFAULT_HARDWARE,
    top: Annotated[int, typer.Option(min=1, help="So many at most, one for each surrogate and neuron.")] = 5,
    candidates: Candidates = CANDIDATES,
    verify: Annotated[bool, typer.Option("--verify", help="Train and simulate what is recommended.")] = False,
    model: ModelOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the predictions as JSON.")] = False,
) -> None:
    """Search for the training choices that are predicted to do best within limits."""
    if verify:
        require_training("recommend --verify")
    fixed = parse_choices(fix or [], "--fix")
    accuracy = parse_number(min_accuracy, "--min-accuracy")
    latency_us = parse_number(max_latency_us, "--max-latency-us")
    predictor = spikecast.Predictor.load(model)
    with Console(stderr=True).status("searching"):
        found = spikecast.advise.recommend(
            predictor,
            minimize=minimize,
            maximize=maximize,
            min_accuracy=accuracy,
            max_latency_us=latency_us,
            fixed=fixed,
            hardware=hardware,
            top=top,
            candidates=candidates,
        )
    warn_of(prediction.choices for prediction in found.predictions)
    if not as_json:
        _show(found)
    trials = verified(found.predictions, hardware) if verify else []
    if as_json:
        measured = {"verification": [trial.to_dict() for trial in trials]} if verify else {}
        print(json.dumps(found.to_dict() | measured, indent=2))
    elif verify:
        show_verification(trials)


def _show(found: Recommendation) -> None:
    console = plain_console()
    source = found.predictions[0].provenance
    network = network_in_words(found.predictions[0].choices)
    console.print(f"{network}; {source['hardware']} at {source['clock_mhz']:g} MHz\n")
    shown = [name for name in TARGETS if getattr(found.predictions[0], name) is not None]
    listed = plain_table("what to train", "", "choices")
    text_column(listed, 1)
    table = plain_table("predicted, with 90 % intervals", "", *(TARGETS[name] for name in shown))
    for number, prediction in enumerate(found.predictions, start=1):
        listed.add_row(str(number), choices_in_words(prediction.choices))
        table.add_row(str(number), *(interval_cell(name, getattr(prediction, name)) for name in shown))
    console.print(listed)
    console.print(table)
    least = spikecast.advise.LEAST_PROBABILITY_OK
    pairs = "one pair" if found.pairs == 1 else f"{found.pairs} pairs"
    console.print(
        f"The best of each pair of surrogate and neuron; {pairs} can do it, of {found.tried:,} candidates. All lie "
        f"inside what was measured and train with a probability of {least:g} or more. The best of many "
        "owes something to luck: expect a little less; --verify measures."
    )

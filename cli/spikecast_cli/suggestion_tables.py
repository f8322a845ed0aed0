"""Suggested networks as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from spikecast_cli.tables import plain_table, text_column

if TYPE_CHECKING:
    from rich.console import Console

    from spikecast.advise import Suggestion


def show_suggested(console: Console, found: Suggestion, out: Path | None) -> None:
    """What to measure next; ``out`` is the space that it was written to."""
    from spikecast.advise.wording import choices_in_words, network_in_words

    all_choices = [one.choices.model_dump() for one in found.networks]
    networks = {network_in_words(choices) for choices in all_choices}
    if len(networks) == 1:
        console.print(f"{networks.pop()}\n")
    table = plain_table(
        "to measure next, each given those above it", "", "choices", "variance", "latency, us", "+- %", "ok"
    )
    text_column(table, 1)
    for number, (one, choices) in enumerate(zip(found.networks, all_choices, strict=True), start=1):
        told = choices_in_words(choices)
        if len(networks) > 1:
            told = f"{network_in_words(choices)}: {told}"
        latency, width = f"{one.latency_us.value:,.1f}", f"{one.half_width_percent:.0f}"
        mark = "" if one.in_domain else " *"
        table.add_row(f"{number}{mark}", told, f"{one.variance:.3f}", latency, width, f"{one.probability_ok:.2f}")
    console.print(table)
    outside = "" if all(one.in_domain for one in found.networks) else "; * outside what was measured"
    console.print(
        f"Of {found.candidates:,} candidates, by turns that which the predictor can learn most from and one at random. "
        "Variance: of the spikes of their layers, 1 where nothing is known; +- %: half the 90 % interval; ok: the "
        "probability of training"
        f"{outside}."
    )
    if out is not None:
        console.print(f"{out}: run it with spikecast characterize --space {out} --out DATA", soft_wrap=True)

"""Suggested networks, and what suggesting is worth, as tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikecast_cli.score_table import metric_head
from spikecast_cli.tables import plain_table, text_column

if TYPE_CHECKING:
    from rich.console import Console

    from spikecast.advise import Suggestion

#: What ``evaluate --split suggested`` compares, and how it is printed.
_COMPARED = (
    ("latency_cycles", "mape_percent", ".2f"),
    ("latency_cycles", "within_10_percent", ".3f"),
    ("sparsity", "mae", ".4f"),
    ("accuracy", "mae", ".4f"),
)


def show_suggested(console: Console, found: Suggestion, out: Path | None) -> None:
    """What to measure next; ``out`` is the space that it was written to."""
    from spikecast.advise.wording import in_words, network_in_words

    all_choices = [one.choices.model_dump() for one in found.networks]
    networks = {network_in_words(choices) for choices in all_choices}
    if len(networks) == 1:
        console.print(f"{networks.pop()}\n")
    table = plain_table(
        "to measure next, each given those above it", "", "choices", "variance", "latency, us", "+- %", "ok"
    )
    text_column(table, 1)
    for number, (one, choices) in enumerate(zip(found.networks, all_choices, strict=True), start=1):
        told = in_words(choices) if len(networks) < 2 else f"{network_in_words(choices)}: {in_words(choices)}"
        latency, width = f"{one.latency_us.value:,.1f}", f"{one.half_width_percent:.0f}"
        mark = "" if one.in_domain else " *"
        table.add_row(f"{number}{mark}", told, f"{one.variance:.3f}", latency, width, f"{one.probability_ok:.2f}")
    console.print(table)
    outside = "" if all(one.in_domain for one in found.networks) else "; * outside what was measured"
    console.print(
        f"The predictor can learn most from these, of {found.candidates:,} candidates. Variance: of the spikes of "
        "their layers, 1 where nothing is known; +- %: half the 90 % interval; ok: the probability of training"
        f"{outside}."
    )
    if out is not None:
        console.print(f"{out}: run it with spikecast characterize --space {out} --out DATA", soft_wrap=True)


def show_suggested_curve(console: Console, found: list[dict[str, Any]]) -> None:
    """Errors of predictors fitted on random and on suggested rows, means over random beginnings."""
    starts = len(found[0]["random"])
    heads = (f"{target.removesuffix('_cycles')}\n{metric_head(metric)}" for target, metric, _ in _COMPARED)
    table = plain_table(f"errors on the test rows, mean of {starts} random beginnings", "", *heads)
    for part in found:
        for way in ("random", "suggested"):
            means = (
                format(sum(scores[target][metric] for scores in part[way]) / starts, form)
                for target, metric, form in _COMPARED
            )
            table.add_row(f"{part['fitted_rows']} rows, {way}", *means, end_section=way == "suggested")
    console.print(table)

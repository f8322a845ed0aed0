"""How predicted targets look in tables of many predictions."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from spikecast.choices import TrainingChoices

if TYPE_CHECKING:
    from spikecast.predictor import Interval

#: Heading of every target, by its column.
TARGETS = {
    "accuracy": "accuracy",
    "sparsity": "sparsity",
    "latency_us": "latency, us",
    "energy_nj": "energy, nJ",
}


def number_cell(target: str, value: float) -> str:
    """A target's value: shares to three decimals, others to one, and to none from 1,000 on."""
    if target in ("accuracy", "sparsity"):
        return f"{value:.3f}"
    return f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"


def range_cell(target: str, low: float, high: float) -> str:
    """The ends of an interval."""
    return f"{number_cell(target, low)}-{number_cell(target, high)}"


def interval_cell(target: str, interval: Interval) -> str:
    """A value, and below it the ends of its interval."""
    return f"{number_cell(target, interval.value)}\n{range_cell(target, interval.low, interval.high)}"


def row_cell(target: str, row: Mapping[Any, Any]) -> str:
    """The same, of a row of ``predict_frame``."""
    return f"{number_cell(target, row[target])}\n{range_cell(target, row[f'{target}_low'], row[f'{target}_high'])}"


def warn_of(all_choices: Iterable[Mapping[str, Any]]) -> None:
    """Print what is allowed in choices but unlikely to be meant."""
    for warning in dict.fromkeys(text for choices in all_choices for text in TrainingChoices(**choices).warnings):
        print(f"spikecast: warning: {warning}", file=sys.stderr)

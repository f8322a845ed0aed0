"""How the axis of each predicted target looks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TargetAxis:
    """Title, form of a number that the mouse points at, and form of ticks."""

    title: str
    number: str
    ticks: str


TARGET_AXES = {
    "accuracy": TargetAxis("accuracy", ".1%", ".0%"),
    "sparsity": TargetAxis("sparsity", ".2%", "~%"),
    "latency_us": TargetAxis("latency, µs", ",.1f", "~s"),
    "energy_nj": TargetAxis("energy, nJ (an estimate)", ",.0f", "~s"),
}

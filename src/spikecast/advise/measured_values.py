"""Which values of a choice were measured, as the predictor's domain counts them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from spikecast.choices import TrainingChoices

#: The choices that decide a network's layers and what enters them.
STRUCTURE = ("dataset", "architecture", "timesteps", "input_size")
#: Choices that mean another thing, or have another range, under each value of a second choice.
_WITHIN = {
    "slope": "surrogate",
    "beta": "neuron",
    "alpha": "neuron",
    "epochs": "architecture",
    "batch_size": "architecture",
}


def measured_values(name: str, measured: Iterable[TrainingChoices], near: TrainingChoices) -> list[Any]:
    """The values of one choice that were measured where ``near`` lies, sorted: a slope only with its surrogate,
    timesteps only with the data set, architecture and input size."""
    if name in STRUCTURE:
        same = [other for other in STRUCTURE if other != name]
    else:
        same = [_WITHIN[name]] if name in _WITHIN else []
    return sorted({getattr(m, name) for m in measured if all(getattr(m, s) == getattr(near, s) for s in same)})

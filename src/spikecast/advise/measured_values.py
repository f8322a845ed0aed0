"""Which values of a choice were measured, as the predictor's domain counts them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from spikecast.choices import TrainingChoices
from spikecast.predictor.domain import NUMBERS_WITHIN
from spikecast.predictor.questions import STRUCTURAL


def measured_values(name: str, measured: Iterable[TrainingChoices], near: TrainingChoices) -> list[Any]:
    """The values of one choice that were measured where ``near`` lies, sorted: only on its data set, a slope only with
    its surrogate, timesteps only with the architecture and input size."""
    same = same_choices(name)
    return sorted({getattr(m, name) for m in measured if all(getattr(m, s) == getattr(near, s) for s in same)})


def same_choices(name: str) -> list[str]:
    """The choices on which it depends which values of ``name`` were measured."""
    if name in STRUCTURAL:
        return [other for other in STRUCTURAL if other != name]
    return ["dataset", *([NUMBERS_WITHIN[name]] if name in NUMBERS_WITHIN else [])]

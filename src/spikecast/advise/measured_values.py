"""Which values of a choice were measured, as the predictor's domain counts them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast.choices import TrainingChoices
from spikecast.predictor.domain import NUMBERS_WITHIN
from spikecast.predictor.questions import STRUCTURAL

#: By choice, its value in every configuration.
Columns = Mapping[str, NDArray[Any]]


def measured_values(name: str, measured: Columns, near: TrainingChoices) -> list[Any]:
    """The values of one choice that were measured where ``near`` lies, sorted: only on its data set, a slope only with
    its surrogate, timesteps only with the architecture and input size.

    Args:
        measured: every choice of the measured configurations.
    """
    near_it = np.logical_and.reduce([measured[same] == getattr(near, same) for same in same_choices(name)])
    return sorted(set(measured[name][near_it].tolist()))


def same_choices(name: str) -> list[str]:
    """The choices on which it depends which values of ``name`` were measured."""
    if name in STRUCTURAL:
        return [other for other in STRUCTURAL if other != name]
    return ["dataset", *([NUMBERS_WITHIN[name]] if name in NUMBERS_WITHIN else [])]

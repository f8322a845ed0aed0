"""One prediction with the shipped predictor, without a word about where it lies."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from spikecast.accelerator.hardware import USUAL_HARDWARE, Hardware
from spikecast.predictor.prediction import Prediction
from spikecast.predictor.predictor import Predictor


def predict(*, hardware: str | Path | Hardware = USUAL_HARDWARE, **choices: Any) -> Prediction:
    """Predict one network with the shipped predictor.

    Args:
        hardware: a shipped name, a YAML file, or a description.
        choices: training choices by name; those left out have their defaults.

    Raises:
        InputError: a choice is not allowed, nothing like it was ever measured, there is no such hardware, or it cannot
            run the network.
    """
    return _shipped().predict(choices, hardware=hardware)


@cache
def _shipped() -> Predictor:
    """Read once: it takes longer than many answers."""
    return Predictor.load()

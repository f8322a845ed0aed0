"""Predict how a spiking neural network will behave on event-driven hardware, from its training choices alone.

>>> import spikecast
>>> spikecast.predict(surrogate="sre", neuron="lapicque").in_domain
True
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikecast.lazy import lazy_names

if TYPE_CHECKING:
    from spikecast import accelerator
    from spikecast.accelerator.hardware import Hardware, load_hardware
    from spikecast.choices import TrainingChoices
    from spikecast.errors import InputError
    from spikecast.predictor import Prediction, Predictor
    from spikecast.predictor.estimator import SpikecastRegressor

__all__ = [
    "InputError",
    "Predictor",
    "SpikecastRegressor",
    "TrainingChoices",
    "accelerator",
    "load_hardware",
    "predict",
]


def predict(*, hardware: str | Path | Hardware = "sparse-core", **choices: Any) -> Prediction:
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
    from spikecast.predictor import Predictor

    return Predictor.load()


__getattr__ = lazy_names(
    __name__,
    {
        "InputError": "spikecast.errors",
        "Predictor": "spikecast.predictor",
        "SpikecastRegressor": "spikecast.predictor.estimator",
        "TrainingChoices": "spikecast.choices",
        "load_hardware": "spikecast.accelerator.hardware",
    },
    modules={"accelerator"},
)

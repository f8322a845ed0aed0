"""Choices in words."""

from __future__ import annotations

from typing import Any

import pytest

from spikecast.choices import TrainingChoices
from spikecast.wording import choices_in_words, measured_in_words, network_in_words, studied


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({}, "fs slope 2, leaky beta 0.45, threshold 1.5"),
        ({"surrogate": "ste", "beta": 0.12345}, "ste, leaky beta 0.123, threshold 1.5"),
        (
            {"surrogate": "atan", "neuron": "synaptic", "alpha": 0.8, "reset": "zero", "epochs": 9, "slope": 3},
            "atan slope 3, synaptic alpha 0.8 beta 0.45, threshold 1.5, reset zero, epochs 9",
        ),
    ],
)
def test_what_matters_is_said(choices: dict[str, Any], words: str) -> None:
    assert choices_in_words(TrainingChoices(**choices).model_dump()) == words


def test_what_is_left_out_is_not_said() -> None:
    choices = TrainingChoices(epochs=9).model_dump()
    assert choices_in_words(choices, leave_out=("slope", "epochs")) == "fs, leaky beta 0.45, threshold 1.5"
    assert choices_in_words(choices, leave_out=("surrogate",)) == "slope 2, leaky beta 0.45, threshold 1.5, epochs 9"


def test_the_network_has_its_preset_name() -> None:
    assert network_in_words(TrainingChoices().model_dump()) == "csnn-s on nmnist, 4 timesteps, 32 x 32"
    other = TrainingChoices(architecture="8C3-MP2-FC20", timesteps=8).model_dump()
    assert network_in_words(other) == "8C3-MP2-FC20 on nmnist, 8 timesteps, 32 x 32"
    assert network_in_words(other, leave_out=("architecture", "timesteps")) == "on nmnist, 32 x 32"
    assert choices_in_words(other) == choices_in_words(TrainingChoices().model_dump())


def test_studied_choices_go_by_their_full_names() -> None:
    choices = TrainingChoices(surrogate="ste", beta=0.12345, epochs=9).model_dump()
    assert studied(choices) == "straight_through_estimator, leaky beta 0.123, threshold 1.5"
    synaptic = TrainingChoices(surrogate="atan", neuron="synaptic", alpha=0.8, slope=3).model_dump()
    assert studied(synaptic) == "atan slope 3, synaptic alpha 0.8, beta 0.45, threshold 1.5"
    measured = synaptic | {"accuracy": 0.9, "latency_cycles": 12345.0}
    assert measured_in_words(measured) == f"{studied(synaptic)} (90.0%, 12,345 cycles)"

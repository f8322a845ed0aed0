from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from spikecast.choices import LATER_CHOICES, TrainingChoices
from spikecast.errors import InputError


def test_keys_never_change() -> None:
    # Every shipped row is named by its key: a change here orphans them all.
    membrane = {"beta": 0.5, "threshold": 0.5}
    first = membrane | {"epochs": 8, "epoch_kept": "last"}
    escape = {"surrogate": "sre", "slope": 1, "neuron": "lapicque"}
    assert TrainingChoices(slope=5, **first).key == "589b31e1e16f25bb"
    assert TrainingChoices(**escape, seed=3, **first).key == "4334e946c7cefe4b"
    assert TrainingChoices(slope=5, **membrane, epochs=8).key == "c659c6a5b7a9b178"


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ({"surrogate": "sre"}, {"surrogate": "spike_rate_escape", "slope": 0.75}),
        ({"neuron": "lapicque"}, {"neuron": "lapicque", "beta": 0.6, "threshold": 1.1}),
        ({"beta": None, "threshold": None}, {"beta": 0.45, "threshold": 1.5}),
        ({"surrogate": "FS", "neuron": "LIF"}, {"surrogate": "fast_sigmoid", "neuron": "leaky"}),
        ({"architecture": "csnn-s"}, {"architecture": "16c3-mp2-32C3-MP2-FC128-FC100"}),
        ({"threshold": 1}, {"threshold": 1.0}),
        ({"dropout": -0.0}, {"dropout": 0.0}),
        ({"weight_bits": 4.0, "epochs": 3.0}, {"weight_bits": 4, "epochs": 3}),
        ({"weight_bits": "4", "epochs": "3"}, {"weight_bits": 4, "epochs": 3}),
    ],
)
def test_spellings_of_equal_choices_share_a_key(short: dict[str, Any], long: dict[str, Any]) -> None:
    assert TrainingChoices(**short) == TrainingChoices(**long)
    assert TrainingChoices(**short).key == TrainingChoices(**long).key


@pytest.mark.parametrize(
    "other",
    [
        {"architecture": "8C3-MP2-FC20"},
        {"timesteps": 5},
        {"input_size": 34},
        {"surrogate": "atan"},
        {"slope": 6.0},
        {"neuron": "lapicque"},
        {"beta": 0.6},
        {"threshold": 0.6},
        {"reset": "zero"},
        {"weight_bits": 8},
        {"learning_rate": 1e-3},
        {"epochs": 9},
        {"batch_size": 64},
        {"dropout": 0.1},
        {"neuron": "synaptic"},
        {"neuron": "rleaky"},
        {"loss": "ce_count"},
        {"activity_penalty": 0.5},
        {"learning_rate_schedule": "cosine"},
        {"gradient_clip": 1.0},
        {"epoch_kept": "last"},
    ],
)
def test_every_choice_changes_both_keys(other: dict[str, Any]) -> None:
    assert TrainingChoices(**other).key != TrainingChoices().key
    assert TrainingChoices(**other).config_key != TrainingChoices().config_key


def test_choices_that_came_later_leave_older_keys_alone() -> None:
    older = TrainingChoices(epoch_kept="last")
    assert not set(LATER_CHOICES) & set(json.loads(older.canonical_json))
    assert TrainingChoices(**LATER_CHOICES).key == older.key


def test_alpha_counts_for_neurons_that_have_it() -> None:
    assert TrainingChoices(neuron="synaptic", alpha=0.8).key != TrainingChoices(neuron="synaptic").key
    with pytest.raises(InputError, match=r"alpha 0\.8 is for neurons synaptic and alpha: leave it out"):
        TrainingChoices(alpha=0.8)
    with pytest.raises(InputError, match="an alpha neuron needs alpha > beta"):
        TrainingChoices(neuron="alpha", beta=0.95)


def test_a_surrogate_without_a_slope_takes_none() -> None:
    assert TrainingChoices(surrogate="ste").slope == 1.0
    with pytest.raises(InputError, match="slope 3 is not allowed: straight_through_estimator has none; leave it out"):
        TrainingChoices(surrogate="ste", slope=3)


def test_seed_changes_the_key_but_not_the_configuration() -> None:
    assert TrainingChoices(seed=1).key != TrainingChoices(seed=0).key
    assert TrainingChoices(seed=1).config_key == TrainingChoices(seed=0).config_key


@given(st.floats(0.14, 0.99), st.floats(0.01, 100), st.floats(0.01, 1000), st.integers(0, 2**31 - 1))
def test_canonical_json_round_trips(beta: float, threshold: float, slope: float, seed: int) -> None:
    choices = TrainingChoices(neuron="lapicque", beta=beta, threshold=threshold, slope=slope, seed=seed)
    again = TrainingChoices(**json.loads(choices.canonical_json))
    assert again == choices
    assert again.key == choices.key


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"surrogate": "fast_sigmod"}, "did you mean fast_sigmoid"),
        ({"neuron": "lapique"}, "did you mean lapicque"),
        ({"dataset": "mnist"}, "did you mean nmnist"),
        ({"beta": 1.5}, "beta 1.5 is not allowed"),
        ({"beta": 0}, "allowed: beta > 0 and < 1"),
        ({"slope": float("nan")}, "slope nan is not allowed"),
        ({"slope": float("inf")}, "slope inf is not allowed"),
        ({"threshold": -1}, "threshold -1 is not allowed"),
        ({"architecture": "16X3"}, "cannot read '16X3'"),
        ({"architecture": "16C3-FC33"}, "multiple of 10"),
        ({"neuron": "lapicque", "beta": 0.1}, "unstable"),
        ({"reset": "none"}, "'subtract' or 'zero'"),
        ({"weight_bits": 5}, "4, 8 or 32"),
        ({"epochs": 1.5}, "epochs 1.5 is not allowed"),
        ({"bta": 0.5}, "did you mean beta"),
        ({"self": 1}, "self"),
        ({"architecture": "FC1\N{ARABIC-INDIC DIGIT ZERO}"}, "cannot read"),
        ({"neuron": "lapicque", "beta": 0.135}, "allowed: 0.136 to 1"),
    ],
)
def test_bad_choices_are_named(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as error:
        TrainingChoices(**wrong)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_negative_leak_is_warned_of() -> None:
    assert TrainingChoices(neuron="lapicque", beta=0.3).warnings
    assert not TrainingChoices(neuron="lapicque", beta=0.4).warnings
    assert not TrainingChoices(neuron="leaky", beta=0.1).warnings

"""What is suggested is new, different, and what the predictor knows least of."""

from __future__ import annotations

import re

import numpy as np
import pytest

from spikecast.advise import suggest
from spikecast.advise.search_space import SearchSpace
from spikecast.advise.uncertainty import most_informative
from spikecast.choices import CHOICES, TrainingChoices
from spikecast.errors import InputError
from spikecast.predictor import Predictor
from spikecast.predictor.questions import Questions
from spikecast.rows import split_of


@pytest.fixture(scope="module")
def candidates(shipped: Predictor) -> list[TrainingChoices]:
    """New ones with two seeds each, measured ones, and one of a data set that the model does not know."""
    new = [
        TrainingChoices(surrogate=surrogate, slope=3.3, beta=beta, threshold=0.77, seed=seed)
        for surrogate in ("atan", "sre", "triangular")
        for beta in np.linspace(0.11, 0.91, 9).round(2)
        for seed in (4, 5)
    ]
    return [*shipped.measured.choices[:10], *new, TrainingChoices(dataset="cifar10-dvs")]


def usable(candidates: list[TrainingChoices]) -> list[TrainingChoices]:
    return [one for one in candidates if one.seed == 4 and split_of(one.config_key) == "train"]


def test_suggested_are_different_new_and_of_the_candidates(
    shipped: Predictor, candidates: list[TrainingChoices]
) -> None:
    expected = usable(candidates)
    found = suggest(shipped, len(expected), candidates)
    assert found.candidates == len(expected)
    assert {one.choices.key for one in found.networks} == {one.key for one in expected}


def test_the_most_informative_comes_first(shipped: Predictor, candidates: list[TrainingChoices]) -> None:
    new = usable(candidates)
    positions, variances = most_informative(shipped, Questions.of(new), 3)
    found = suggest(shipped, 3, candidates)
    assert [one.choices for one in found.networks] == [new[position] for position in positions]
    assert [one.variance for one in found.networks] == variances.tolist()


def test_the_numbers_are_those_of_the_prediction(shipped: Predictor, candidates: list[TrainingChoices]) -> None:
    (one,) = suggest(shipped, 1, candidates, hardware="pulse-small").networks
    prediction = shipped.predict(one.choices, "pulse-small")
    assert one.latency_us == prediction.latency_us
    assert one.probability_ok == pytest.approx(prediction.outcome["ok"])
    assert one.in_domain == prediction.in_domain
    width = (prediction.latency_us.high - prediction.latency_us.low) / 2
    assert one.half_width_percent == pytest.approx(100 * width / prediction.latency_us.value)


def test_without_candidates_all_between_what_was_measured(shipped: Predictor) -> None:
    found = suggest(shipped, 6)
    assert found == suggest(shipped, 6)
    choices = [one.choices for one in found.networks]
    assert len({one.config_key for one in choices}) == 6
    assert not {one.config_key for one in choices} & {one.config_key for one in shipped.measured.choices}
    space = SearchSpace.of(shipped.measured.questions.columns, {})
    for one in choices:
        box = space.boxes[one.surrogate, one.neuron]
        for name in CHOICES:
            if name in box.axes:
                assert -1e-9 <= box.axes[name].shares_of(np.array([getattr(one, name)]))[0] <= 1 + 1e-9
            else:
                assert getattr(one, name) == box.constants[name]


def test_what_was_measured_since_is_not_suggested(shipped: Predictor, candidates: list[TrainingChoices]) -> None:
    first, second, third = suggest(shipped, 3, candidates).networks
    other_seeds = [one.choices.model_copy(update={"seed": 9}) for one in (first, second)]
    unknown = TrainingChoices(dataset="cifar10-dvs")
    since = [*other_seeds, unknown, *shipped.measured.choices[:3]]
    found = suggest(shipped, 1, candidates, measured_since=since)
    assert found.networks[0].choices == third.choices
    assert found.networks[0].variance == pytest.approx(third.variance)


@pytest.mark.parametrize("count", [-1, 0, 999])
def test_more_than_there_are_and_none(shipped: Predictor, candidates: list[TrainingChoices], count: int) -> None:
    told = f"{len(usable(candidates))} of {len(candidates)} candidates are new"
    with pytest.raises(InputError, match=re.escape(f"{count} suggestions are not allowed: {told}")):
        suggest(shipped, count, candidates)


def test_nothing_is_left(shipped: Predictor) -> None:
    with pytest.raises(InputError, match="nothing to suggest: 0 of 5 candidates are new"):
        suggest(shipped, 1, shipped.measured.choices[:5])
    with pytest.raises(InputError, match="nothing to suggest: 0 of 0 candidates"):
        suggest(shipped, 1, [])

"""The choice of what to measure is greedy, and what is measured is known better afterwards."""

from __future__ import annotations

import numpy as np
import pytest

from spikecast.advise.uncertainty import Uncertainty, greedily, most_informative
from spikecast.choices import TrainingChoices
from spikecast.predictor import Predictor
from spikecast.predictor.questions import Questions
from spikecast.predictor.spikes.activity import layer_tables

CHOICES = [
    TrainingChoices(surrogate=surrogate, beta=beta, threshold=threshold, architecture=architecture)
    for surrogate in ("atan", "triangular")
    for beta in (0.3, 0.9)
    for threshold in (0.3, 1.5)
    for architecture in ("csnn-s", "16C3-MP2-32C3-32C3-MP2-FC100")
]
QUESTIONS = Questions.of(CHOICES)
OK = np.linspace(0.2, 1.0, len(CHOICES))


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor.load()


@pytest.fixture(scope="module")
def uncertainty(predictor: Predictor) -> Uncertainty:
    tables = layer_tables(QUESTIONS, predictor.features(QUESTIONS))
    return Uncertainty.of(predictor.parts.activity, tables, {}, OK)


def test_a_network_is_the_mean_of_its_layers(uncertainty: Uncertainty) -> None:
    layers: dict[int, list[float]] = {}
    for role, table in uncertainty.tables.items():
        for network, variance in zip(table.question, uncertainty.posteriors[role].variance, strict=True):
            layers.setdefault(int(network), []).append(variance)
    assert {len(of_one) for of_one in layers.values()} == {4}
    assert uncertainty.variance == pytest.approx([np.mean(layers[network]) for network in range(len(CHOICES))])


def test_the_gain_is_by_how_much_the_mean_variance_falls(uncertainty: Uncertainty) -> None:
    """Exactly so for a network without two layers of one role."""
    for network, choices in enumerate(CHOICES):
        lowered = OK @ (uncertainty.variance - uncertainty.measuring(network).variance) / OK.sum()
        if choices.architecture == TrainingChoices().architecture:
            assert uncertainty.gain[network] == pytest.approx(lowered)
        else:
            assert uncertainty.gain[network] > lowered > 0


def test_every_other_choice_is_the_greatest_given_those_before(uncertainty: Uncertainty) -> None:
    chosen, variances = greedily(uncertainty, OK, len(CHOICES))
    assert sorted(chosen) == list(range(len(CHOICES)))
    left, now, greatest = set(range(len(CHOICES))), uncertainty, []
    for network, variance in zip(chosen, variances, strict=True):
        scores = now.gain * OK
        greatest.append(scores[network] == max(scores[other] for other in left))
        assert variance == now.variance[network]
        after = now.measuring(int(network))
        assert (after.variance <= now.variance + 1e-12).all()
        assert after.variance[network] < now.variance[network]
        left.remove(network)
        now = after
    assert all(greatest[::2])
    assert not all(greatest[1::2])


def test_what_was_measured_since_counts_as_known(predictor: Predictor) -> None:
    (first, second, third), _ = most_informative(predictor, QUESTIONS, 3)
    others = np.delete(np.arange(len(CHOICES)), [first, second])
    (again,), _ = most_informative(predictor, QUESTIONS.take(others), 1, QUESTIONS.take(np.array([first, second])))
    assert others[again] == third

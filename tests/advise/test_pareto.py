"""The predicted front."""

from __future__ import annotations

import numpy as np
import pytest

from spikecast.advise import pareto
from spikecast.errors import InputError
from spikecast.predictor import Predictor

from .analytic import Analytic


@pytest.mark.parametrize(("cost", "column"), [("latency", "latency_us"), ("sparsity", "sparsity")])
def test_the_front_comes_near_the_true_one(analytic: Analytic, cost: str, column: str) -> None:
    found = pareto(analytic, cost=cost, candidates=2048)
    front = found.front
    assert found.objective.column == column
    assert front["in_domain"].all()
    assert (front["probability_ok"] >= 0.5).all()
    assert (np.diff(front["accuracy"]) > 0).all()
    assert (np.diff(found.objective.cost(front)) > 0).all()
    # The true front: the best pair at the best slope and beta, threshold 0.3 to 1.4.
    at_best = 0.95 - 0.05 * front["threshold"]
    assert (at_best - front["accuracy"] >= -1e-12).all()
    assert np.median(at_best - front["accuracy"]) < 0.005
    assert front["threshold"].min() < 0.35
    assert front["threshold"].max() > 1.35


def test_what_is_fixed_stays_and_the_same_question_has_the_same_answer(shipped: Predictor) -> None:
    fixed = {"surrogate": "atan", "neuron": "lif", "beta": 0.45}
    found, again = (pareto(shipped, cost="latency", fixed=fixed, candidates=64) for _ in range(2))
    assert found.front.equals(again.front)
    assert found.measured.equals(again.measured)
    assert set(found.front["surrogate"]) == {"atan"}
    assert set(found.front["neuron"]) == {"leaky"}
    assert set(found.front["beta"]) == {0.45}


def test_measured_are_those_of_the_space_on_the_fitted_hardware(shipped: Predictor) -> None:
    fixed = {"surrogate": "atan", "neuron": "lapicque", "beta": 0.6}
    found = pareto(shipped, fixed=fixed, candidates=8)
    alike = [
        number
        for number, choices in enumerate(shipped.measured.choices)
        if (choices.surrogate, choices.neuron, choices.beta) == ("atan", "lapicque", 0.6)
    ]
    means = shipped.measured.means[alike]
    means = means[~np.isnan(means).any(axis=1)]
    assert len(means) > 0
    assert found.measured["accuracy"].tolist() == means[:, 0].tolist()
    assert found.measured["latency_us"].to_numpy() == pytest.approx(means[:, 2] / 100)
    assert pareto(shipped, fixed=fixed, hardware="pulse-small", candidates=8).measured.empty
    assert pareto(shipped, fixed=fixed, cost="energy", candidates=8).measured.empty


def test_points_are_of_the_front(analytic: Analytic) -> None:
    found = pareto(analytic, candidates=256)
    points = found.points(4)
    assert len(points) == 4
    assert points["accuracy"].isin(found.front["accuracy"]).all()


def test_an_unknown_cost(analytic: Analytic) -> None:
    with pytest.raises(InputError, match=r"unknown cost 'spikes': .*allowed: latency, energy, sparsity"):
        pareto(analytic, cost="spikes")

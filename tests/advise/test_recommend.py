"""Recommendations: as good as can be, within the limits, inside the domain."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest

from spikecast.advise import recommend
from spikecast.errors import InputError
from spikecast.predictor import Predictor

from .analytic import BEST_BETA, BEST_SLOPE, LOSSES, Analytic


def test_the_best_of_each_pair_is_found(analytic: Analytic) -> None:
    found = recommend(analytic, maximize="accuracy", candidates=2048)
    assert [(p.choices["surrogate"], p.choices["neuron"]) for p in found.predictions] == list(LOSSES)
    for prediction, loss in zip(found.predictions, LOSSES.values(), strict=True):
        # The least threshold that was measured is 0.3.
        assert prediction.accuracy.value == pytest.approx(0.95 - loss - 0.05 * 0.3, abs=0.003)
        assert abs(math.log(prediction.choices["slope"] / BEST_SLOPE)) < 0.2
        assert abs(prediction.choices["beta"] - BEST_BETA) < 0.06
    assert found.pairs == 4


def test_limits_are_met_and_used(analytic: Analytic) -> None:
    found = recommend(analytic, minimize="latency", min_accuracy=0.88, candidates=2048)
    # At the best slope and beta of the best pair, accuracy 0.88 allows threshold 1.4, up to which networks train.
    best = found.predictions[0]
    assert 100 / 1.4 <= best.latency_us.value < 100 / 1.25
    for prediction in found.predictions:
        assert prediction.accuracy.value >= 0.88
        assert prediction.in_domain
        assert prediction.outcome["ok"] >= 0.5
    latencies = [prediction.latency_us.value for prediction in found.predictions]
    assert latencies == sorted(latencies)


def test_latency_is_a_limit_too(analytic: Analytic) -> None:
    found = recommend(analytic, maximize="accuracy", max_latency_us=100, top=1, candidates=2048)
    assert len(found.predictions) == 1
    best = found.predictions[0]
    # Latency 100 us needs threshold 1.
    assert best.latency_us.value <= 100
    assert best.accuracy.value == pytest.approx(0.9, abs=0.004)


def test_fewest_spikes_is_most_sparsity(analytic: Analytic) -> None:
    question: dict[str, Any] = {"min_accuracy": 0.85, "candidates": 256}
    assert recommend(analytic, minimize="spikes", **question) == recommend(analytic, maximize="sparsity", **question)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({}, "nothing to look for: give minimize (latency, energy, spikes) or maximize (accuracy, sparsity)"),
        ({"minimize": "latency", "maximize": "accuracy"}, "give one of them, and a limit for the other"),
        ({"minimize": "latncy"}, "unknown number to minimize 'latncy': did you mean latency"),
        ({"maximize": "latency"}, "unknown number to maximize 'latency': allowed: accuracy, sparsity"),
        ({"maximize": "accuracy", "min_accuracy": 92}, "min accuracy 92 is not a share: give 0 to 1"),
        ({"maximize": "accuracy", "min_accuracy": math.nan}, "min accuracy nan is not a share"),
        ({"maximize": "accuracy", "max_latency_us": 0}, "max latency 0 us is not above 0"),
        ({"maximize": "accuracy", "fixed": {"betta": 1}}, "unknown choice 'betta': did you mean beta"),
        ({"maximize": "accuracy", "fixed": {"slope": 20, "beta": 0.9}}, "lies inside what was measured"),
        ({"maximize": "accuracy", "fixed": {"threshold": 1.5}}, "at best 40% of networks train; fix other choices"),
        (
            {"minimize": "latency", "max_latency_us": 10},
            "no candidate is predicted to take 10 us or less: the fastest of",
        ),
    ],
)
def test_what_cannot_be_answered(analytic: Analytic, question: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        recommend(analytic, **question, candidates=64)


def test_unreachable_accuracy_names_the_best_found(analytic: Analytic) -> None:
    with pytest.raises(InputError, match=r"to reach accuracy 0\.99: the most accurate of .* reaches 0\.93"):
        recommend(analytic, minimize="latency", min_accuracy=0.99, candidates=1024)
    with pytest.raises(
        InputError, match=r"to reach accuracy 0\.92 within 100 us: the most accurate of .* reaches 0\.89"
    ):
        recommend(analytic, minimize="energy", min_accuracy=0.92, max_latency_us=100, candidates=1024)


def test_hardware_without_energy_has_none_to_minimize(shipped: Predictor, tmp_path: Path, repository: Path) -> None:
    described = (repository / "src/spikecast/accelerator/hardware_files/sparse-core.yaml").read_text()
    without = re.sub(r"^energy:\n(  .*\n)+", "", described, flags=re.M)
    without = re.sub(r"^  energy\..*\n", "", without, flags=re.M)
    (tmp_path / "no-energy.yaml").write_text(without)
    with pytest.raises(InputError, match="energy_nj is not predicted"):
        recommend(
            shipped,
            minimize="energy",
            fixed={"surrogate": "sre", "neuron": "lapicque"},
            hardware=tmp_path / "no-energy.yaml",
            candidates=4,
        )


def test_the_shipped_predictor(shipped: Predictor) -> None:
    question: dict[str, Any] = {
        "minimize": "latency",
        "min_accuracy": 0.85,
        "fixed": {"neuron": "lapicque", "threshold": "1.1", "beta": 0.6},
        "candidates": 128,
        "top": 3,
    }
    found = recommend(shipped, **question)
    assert 1 <= len(found.predictions) <= 3
    for prediction in found.predictions:
        assert prediction.in_domain
        assert prediction.reasons == ()
        assert prediction.outcome["ok"] >= 0.5
        assert prediction.accuracy.value >= 0.85
        assert (prediction.choices["neuron"], prediction.choices["threshold"], prediction.choices["beta"]) == (
            "lapicque",
            1.1,
            0.6,
        )
    pairs = [prediction.choices["surrogate"] for prediction in found.predictions]
    assert len(set(pairs)) == len(pairs)
    assert recommend(shipped, **question) == found

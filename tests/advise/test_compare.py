"""Differences between two predictions."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

import spikecast
from spikecast.advise import Comparison, compare
from spikecast.predictor import Interval, Prediction, Predictor

QUESTIONS = ({"neuron": "lif"}, {"neuron": "lapicque", "beta": 0.3}, {"surrogate": "sre"})


@cache
def prediction() -> Prediction:
    """Any, to be given other intervals."""
    return spikecast.predict()


class Canned:
    """A predictor that answers with the prediction that it is asked about."""

    def predict(self, prediction: Prediction, hardware: str) -> Prediction:  # noqa: ARG002
        return prediction


def share(middle: float, half: float) -> Interval:
    """An interval that is symmetric in its logit."""
    return Interval(*(float(1 / (1 + np.exp(-x))) for x in (middle, middle - half, middle + half)))


def positive(middle: float, half: float) -> Interval:
    """An interval that is symmetric in its logarithm."""
    return Interval(*(float(np.exp(x)) for x in (middle, middle - half, middle + half)))


def compared(**of_a_and_b: tuple[Interval, Interval]) -> Comparison:
    a, b = (replace(prediction(), **{name: both[side] for name, both in of_a_and_b.items()}) for side in (0, 1))
    return compare(Canned(), a, b)  # type: ignore[arg-type]


def change_of(comparison: Comparison, target: str) -> Interval:
    return next(difference.change for difference in comparison.differences if difference.target == target)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_network_does_not_differ_from_itself(shipped: Predictor, question: dict[str, Any]) -> None:
    found = compare(shipped, question, question)
    assert [difference.target for difference in found.differences] == [
        "accuracy",
        "sparsity",
        "latency_us",
        "energy_nj",
    ]
    for difference in found.differences:
        assert difference.change.value == (0.0 if difference.kind == "difference" else 1.0)
        assert not difference.tells


@pytest.mark.parametrize(("a", "b"), [QUESTIONS[:2], QUESTIONS[1:]])
def test_the_other_way_round_is_the_mirror_image(shipped: Predictor, a: dict[str, Any], b: dict[str, Any]) -> None:
    there, back = compare(shipped, a, b), compare(shipped, b, a)
    assert (there.a, there.b) == (back.b, back.a)
    for one, other in zip(there.differences, back.differences, strict=True):
        change = one.change
        if one.kind == "difference":
            mirrored = (-change.value, -change.high, -change.low)
        else:
            mirrored = (1 / change.value, 1 / change.high, 1 / change.low)
        assert (other.change.value, other.change.low, other.change.high) == pytest.approx(mirrored)
        assert one.tells == other.tells
        assert change.low < change.value < change.high


logit, log_cost, half = st.floats(-4, 6), st.floats(0, 8), st.floats(0.01, 2)


@given(log_cost, half, log_cost, half)
def test_a_ratio_has_the_root_of_the_sum_of_squares(a: float, half_a: float, b: float, half_b: float) -> None:
    change = change_of(compared(latency_us=(positive(a, half_a), positive(b, half_b))), "latency_us")
    both = float(np.hypot(half_a, half_b))
    assert np.log([change.value, change.low, change.high]) == pytest.approx(
        [b - a, b - a - both, b - a + both], abs=1e-5
    )


@given(logit, half, logit, half)
def test_shares_differ_where_their_logits_do(a: float, half_a: float, b: float, half_b: float) -> None:
    found = compared(accuracy=(share(a, half_a), share(b, half_b)))
    both = float(np.hypot(half_a, half_b))
    tells = next(difference.tells for difference in found.differences if difference.target == "accuracy")
    if abs(abs(b - a) - both) > 1e-4:
        assert tells == (abs(b - a) > both)
    change = change_of(found, "accuracy")
    assert -1 < change.low <= change.value <= change.high < 1


def test_against_a_sure_share_the_interval_is_the_other_one() -> None:
    sure, unsure = share(2.0, 0.0), share(0.0, 1.0)
    change = change_of(compared(accuracy=(unsure, sure)), "accuracy")
    assert change.low == pytest.approx(sure.value - unsure.high)
    assert change.high == pytest.approx(sure.value - unsure.low)


@pytest.mark.parametrize(("a", "b", "half_a", "half_b"), [(0, 3, 1, 1), (2.5, 4, 0.5, 1.5)])
def test_nine_of_ten_intervals_hold_the_truth(a: float, b: float, half_a: float, half_b: float) -> None:
    random = np.random.default_rng(1)
    quantile = 1.6449
    truth = share(b, 0).value - share(a, 0).value
    held = []
    for error_a, error_b in random.normal(size=(400, 2)) / quantile:
        shares = share(a + half_a * error_a, half_a), share(b + half_b * error_b, half_b)
        change = change_of(compared(accuracy=shares), "accuracy")
        held.append(change.low <= truth <= change.high)
    assert 0.86 < np.mean(held) < 0.94


def test_targets_that_one_lacks_are_left_out() -> None:
    without = replace(prediction(), energy_nj=None)
    found = compare(Canned(), prediction(), without)  # type: ignore[arg-type]
    assert "energy_nj" not in [difference.target for difference in found.differences]


def test_json_tells_what_is_assumed(shipped: Predictor) -> None:
    told = compare(shipped, *QUESTIONS[:2]).to_dict()
    assert "independent" in told["assumption"]
    assert told["differences"][0].keys() == {"target", "kind", "a", "b", "change", "tells"}

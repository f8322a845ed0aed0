"""Folds, seed spread, intervals and metrics."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from spikecast.predictor import scores
from spikecast.predictor.domain import Outside
from spikecast.predictor.fit.held_out import folds, out_of_fold
from spikecast.predictor.intervals import Widths, half_width, half_width_within
from spikecast.predictor.scores import seed_spread
from spikecast.predictor.targets import Target

LATENCY, ACCURACY = Target("latency_cycles", "log"), Target("accuracy", "logit")


@given(st.lists(st.sampled_from("abcdefghijklmnop"), min_size=4, max_size=60).filter(lambda g: len(set(g)) > 1))
def test_seeds_of_a_configuration_are_never_split(groups: list[str]) -> None:
    names = np.array(groups)
    held = []
    for fitting, held_out in folds(names):
        assert not set(names[fitting]) & set(names[held_out])
        held += held_out.tolist()
    assert sorted(held) == list(range(len(groups)))


def test_folds_do_not_depend_on_row_order() -> None:
    names = np.array(list("abcdefghijklaabb"))
    order = np.random.default_rng(1).permutation(len(names))
    first = [set(names[held]) for _, held in folds(names)]
    assert [set(names[order][held]) for _, held in folds(names[order])] == first


def test_out_of_fold_never_sees_the_answer() -> None:
    x, y = np.arange(12.0)[:, np.newaxis], np.arange(12.0)
    groups = np.array([f"g{i // 2}" for i in range(12)])
    seen = out_of_fold(lambda _x, y_fit, asked: np.full(len(asked), y_fit.sum()), x, y, groups)
    assert all(total <= y.sum() - value for total, value in zip(seen, y, strict=True))


def test_seed_spread_by_hand() -> None:
    rows = pd.DataFrame({"config_key": ["a", "a", "a", "b", "b", "c"], "latency_cycles": [100, 110, 120, 50, 50, 7]})
    spread = seed_spread(rows, LATENCY)
    # Each seed against the mean of its others: 115/100, 110/110, 105/120, and twice exactly right.
    assert spread["mape_percent"] == pytest.approx(100 * (0.15 + 0 + 0.125 + 0 + 0) / 5)
    assert (spread["configurations"], spread["rows"]) == (2, 5)
    assert seed_spread(rows[5:], LATENCY) == {"configurations": 0, "rows": 0}


def test_conformal_intervals_cover_what_they_promise() -> None:
    random = np.random.default_rng(0)
    covered = []
    for _ in range(400):
        errors = random.standard_t(3, size=61)
        covered.append(abs(errors[-1]) <= half_width(errors[:-1]))
    assert np.mean(covered) == pytest.approx(0.9, abs=0.035)
    assert half_width(np.array([1.0, -3.0])) == 3.0


def test_a_group_has_the_width_of_its_own_errors_if_there_are_enough() -> None:
    random = np.random.default_rng(1)
    group = np.arange(1000) < 200
    errors = random.normal(size=1000) * np.where(group, 3.0, 1.0)
    assert half_width_within(errors, group) == pytest.approx(3.0 * 1.645, rel=0.1)
    assert half_width_within(errors, ~group) == pytest.approx(1.645, rel=0.1)
    # A single lucky row does not make a group certain.
    alone = np.arange(1000) == 200
    errors[alone] = 1e-6
    assert half_width_within(errors, alone) > 1.0
    assert half_width_within(errors, np.ones(1000, dtype=bool)) == pytest.approx(half_width(errors), rel=0.01)


def test_intervals_cover_within_every_neuron_and_surrogate() -> None:
    random = np.random.default_rng(2)
    neuron, surrogate = random.choice(["leaky", "lapicque"], 4000), random.choice(["atan", "sigmoid"], 4000)
    size = np.where(neuron == "leaky", 1.0, 2.0) * np.where(surrogate == "atan", 1.0, 0.5)
    columns = {"neuron": neuron, "surrogate": surrogate}
    widths = Widths.fit(random.standard_t(4, 4000) * size, columns, ignorance=50.0, unseen={})
    errors = np.abs(random.standard_t(4, 4000) * size)
    half = widths.half_widths(np.ones(4000), columns, Outside([()] * 4000, {}))
    for group in (neuron == "leaky", neuron == "lapicque", surrogate == "atan", surrogate == "sigmoid"):
        assert np.mean(errors[group] <= half[group]) == pytest.approx(0.9, abs=0.02)


def test_what_is_outside_is_as_wide_as_what_is_not_known() -> None:
    widths = Widths(2.0, 50.0, within={"neuron": {"leaky": 3.0}}, unseen={"neuron": 70.0, "architecture": 10.0})
    questions = {"neuron": np.array(["leaky", "leaky", "new", "new"])}
    unseen = {"neuron": np.array([False, False, True, True]), "architecture": np.array([False, True, False, True])}
    outside = Outside([(), ("so",), ("so",), ("so",)], unseen)
    # Layers of a question have its width; a kind that was never seen has that of all.
    half = widths.half_widths(np.ones((4, 3)), questions, outside)
    assert half.tolist() == [[6.0] * 3, [50.0] * 3, [70.0] * 3, [70.0] * 3]
    assert widths.half_widths(np.full(4, 100.0), questions, outside).tolist() == [600.0, 600.0, 200.0, 200.0]


def test_metrics_by_hand() -> None:
    measured, predicted = np.array([100.0, 200.0, 400.0]), np.array([104.0, 180.0, 400.0])
    assert scores.mean_absolute_percentage_error(measured, predicted) == pytest.approx((4 + 10 + 0) / 3)
    assert scores.share_within(measured, predicted, 5) == pytest.approx(2 / 3)
    assert scores.mean_absolute_error(measured, predicted) == 8
    assert scores.spearman(measured, predicted) == pytest.approx(1)
    assert scores.spearman(measured, -predicted) == pytest.approx(-1)
    assert scores.spearman(measured, np.ones(3)) == 0
    assert scores.r_squared(measured, measured) == 1
    assert scores.r_squared(measured, np.full(3, measured.mean())) == pytest.approx(0)


@given(st.floats(0.006, 0.994), st.floats(1, 1e7))
def test_scales_are_inverted(share: float, cycles: float) -> None:
    for target, value in ((ACCURACY, share), (LATENCY, cycles)):
        assert target.inverse(target.forward(np.array([value])))[0] == pytest.approx(value, rel=1e-9)


def test_shares_of_zero_and_one_can_be_learned() -> None:
    assert np.isfinite(ACCURACY.forward(np.array([0.0, 1.0]))).all()

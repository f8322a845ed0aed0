"""Figures of an evaluation show the numbers that they were given."""

from __future__ import annotations

import math

import pytest

from spikecast.predictor import ANSWERED
from spikecast.report.evaluation import coverage_figure, learning_figure, points_figure, suggested_figure
from spikecast.wording import HEADINGS


def test_coverage_with_its_standard_error() -> None:
    sure = {"latency_cycles": 0.5, "sparsity": 0.9, "accuracy": 1.0, "rows": 100}
    found = {"coverage": {"surrogate": {"atan": sure}, "neuron": {"leaky": {**sure, "latency_cycles": 0.8}}}}
    latency, _, accuracy = coverage_figure(found).data
    assert list(latency.x) == [0.5, 0.8]
    assert [label.rpartition(" ")[2] for label in latency.y] == ["(100)", "(100)"]
    assert list(latency.error_x.array) == pytest.approx([0.05, 0.04])
    # All of a hundred inside is no proof that all ever are.
    assert list(accuracy.error_x.array) == pytest.approx([0.01, 0.01])


def test_points_inside_and_outside_their_intervals() -> None:
    inside = {"measured": 2.0, "predicted": 3.0, "low": 1.0, "high": 4.0}
    outside = {"measured": 8.0, "predicted": 3.0, "low": 2.0, "high": 4.0}
    target = {"points": [inside, outside], "interval_coverage": 0.5, "mape_percent": 56.25}
    names = ("latency_cycles", "energy_nj", "sparsity", "accuracy")
    figure = points_figure({"targets": dict.fromkeys(names, target), "rows": 2})
    assert len(figure.data) == 3 * len(names)
    first, second, diagonal = figure.data[:3]
    assert (first.name, list(first.x), list(first.y)) == ("inside its interval", [2.0], [3.0])
    assert (list(first.error_y.array), list(first.error_y.arrayminus)) == ([1.0], [2.0])
    assert (second.name, list(second.x), list(second.error_y.arrayminus)) == ("outside its interval", [8.0], [1.0])
    assert list(diagonal.x) == list(diagonal.y) == [2.0, 8.0]
    assert "off by 56.2 %" in figure.layout.title.subtitle.text
    assert [axis.type for axis in figure.select_xaxes()] == ["log", "log", "linear", "linear"]


def scores(error: float) -> dict[str, dict[str, float]]:
    return {
        "latency_cycles": {"mape_percent": error, "within_10_percent": 1 / error},
        "sparsity": {"mae": error / 100},
        "accuracy": {"mae": error / 10},
    }


def test_a_learning_curve_goes_through_every_size() -> None:
    latency, sparsity, accuracy = learning_figure(
        [{"fitted_rows": rows, "targets": scores(error)} for rows, error in ((50, 20.0), (100, 10.0))]
    ).data
    assert [list(line.x) for line in (latency, sparsity, accuracy)] == [[50, 100]] * 3
    assert (list(latency.y), list(sparsity.y), list(accuracy.y)) == ([20.0, 10.0], [0.2, 0.1], [2.0, 1.0])


def test_two_ways_of_choosing_are_means_among_their_beginnings() -> None:
    found = [
        {"fitted_rows": 50, "random": [scores(10.0), scores(20.0)], "suggested": [scores(10.0), scores(20.0)]},
        {"fitted_rows": 100, "random": [scores(8.0), scores(12.0)], "suggested": [scores(6.0), scores(7.0)]},
    ]
    random, _, suggested, beginnings = suggested_figure(found).data[:4]
    assert (random.name, list(random.y)) == ("random", [15.0, 10.0])
    assert (suggested.name, list(suggested.y)) == ("suggested", [15.0, 6.5])
    assert (list(beginnings.x), list(beginnings.y)) == ([50, 50, 100, 100], [10.0, 20.0, 6.0, 7.0])
    assert math.isclose(suggested_figure(found).data[4].y[1], (1 / 8 + 1 / 12) / 2)


def test_every_answer_has_a_heading() -> None:
    assert tuple(HEADINGS) == ANSWERED
    assert [str(HEADINGS[name]) for name in ("sparsity", "latency_us")] == ["sparsity", "latency, µs"]
    assert (HEADINGS["latency_us"].ascii, HEADINGS["latency_us"].number(1234.56)) == ("latency, us", "1,234.6")

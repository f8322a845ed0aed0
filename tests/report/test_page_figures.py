"""Figures of the page show the numbers that they were given."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from spikecast.advise import front
from spikecast.neurons import NEURONS
from spikecast.report.look import NEURON_MARKS, SURROGATE_MARKS
from spikecast.report.page.content import Column, Picture, left_out
from spikecast.report.page.frame import with_title
from spikecast.report.page.topics.correlation import correlation_figure
from spikecast.report.page.topics.grids import grid_figure
from spikecast.report.page.topics.matched import matched_figure
from spikecast.report.page.topics.membranes import membrane_figure
from spikecast.report.page.topics.outcomes import outcome_figure, share_figure
from spikecast.report.page.topics.pareto import pareto_figure
from spikecast.report.page.topics.seeds import seed_figure
from spikecast.report.page.topics.slopes import slope_figure
from spikecast.rows import STATUSES, read_rows
from spikecast.study.counts import outcome_counts
from spikecast.study.matched import LAPICQUE_FOR_LEAKY, matched
from spikecast.study.statistics import Estimate
from spikecast.study.study import Study
from spikecast.study.tables import with_membrane
from spikecast.surrogates import SURROGATES


@pytest.fixture(scope="module")
def study(every_block: Path) -> Study:
    return Study.of(read_rows(every_block))


def test_curves_are_means_in_bands_of_seeds(study: Study) -> None:
    figure = slope_figure(study.sweep, "accuracy")
    panel = study.sweep[(study.sweep["surrogate"] == "sigmoid") & (study.sweep["neuron"] == "lapicque")].groupby(
        "slope"
    )
    place = list(SURROGATES).index("sigmoid") + 1
    high, low, mean = [drawn for drawn in figure.data if drawn.xaxis == f"x{place}" and drawn.legendgroup == "lapicque"]
    assert list(mean.x) == sorted(panel.groups)
    assert mean.y == pytest.approx(panel["accuracy"].mean().to_numpy())
    assert high.y == pytest.approx(panel["accuracy"].max().to_numpy())
    assert low.y == pytest.approx(panel["accuracy"].min().to_numpy())
    failed = ~panel["status"].agg(lambda status: (status == "ok").all())
    assert [symbol.endswith("-open") for symbol in mean.marker.symbol] == failed.tolist()
    assert failed.any()
    assert sum(1 for drawn in figure.data if drawn.showlegend) == 2


def test_maps_hold_every_cell(study: Study) -> None:
    figure = grid_figure(study.grids)
    maps = [drawn for drawn in figure.data if drawn.type == "heatmap"]
    assert len(maps) == 12
    grid = study.grids[2]
    assert grid.neuron == "lapicque"
    accuracy, _, outcome = maps[6:9]
    for row in grid.rows.groupby(["beta", "threshold"]).first().reset_index().to_dict("records"):
        i, j = accuracy.y.index(f"{row['beta']:g}"), accuracy.x.index(f"{row['threshold']:g}")
        assert STATUSES[int(outcome.z[i][j])] == row["status"]
        assert pd.isna(accuracy.z[i][j]) == (row["status"] != "ok")
    assert "s" in outcome.text
    names = [drawn.name for drawn in figure.data if drawn.type == "scatter"]
    assert names == ["ok", "silent (s)"]


def test_boxes_are_quantiles_of_pairs_by_accuracy(study: Study) -> None:
    ok = study.contexts[0].ok
    pairs = matched(ok, LAPICQUE_FOR_LEAKY, ("slope",))
    figure = matched_figure(ok, pairs, 0.7)
    (box,) = [drawn for drawn in figure.data if drawn.type == "box"]
    inside = pd.Series(pairs.ratio)[(pairs.accuracy >= 0.9 - 1e-9) & (pairs.accuracy < 0.95 - 1e-9)]
    at = [round(x, 3) for x in box.x].index(0.925)
    assert box.median[at] == pytest.approx(inside.median())
    assert box.lowerfence[at] == pytest.approx(inside.quantile(0.05))
    points = [drawn for drawn in figure.data if drawn.type == "scatter"]
    assert sum(len(drawn.x) for drawn in points) == len(ok)


def test_the_front_is_numbered_as_its_table(study: Study) -> None:
    ok = study.contexts[0].ok
    best = front(ok, ok["latency_cycles"])
    figure = pareto_figure(ok, best, best.tail(2))
    *points, line, numbers = figure.data
    assert sum(len(drawn.x) for drawn in points) == len(ok)
    assert line.y.tolist() == best["accuracy"].tolist()
    assert numbers.text == ("1", "2")
    assert numbers.x.tolist() == best["latency_cycles"].tail(2).tolist()


def test_whiskers_are_the_ends_of_intervals() -> None:
    (points,) = correlation_figure({"a": Estimate(0.2, -0.1, 0.4), "b": Estimate(-0.6, -0.7, -0.5)}, 0.5).data
    assert points.y == ("a", "b")
    assert points.error_x.array == pytest.approx([0.2, 0.1])
    assert points.error_x.arrayminus == pytest.approx([0.3, 0.1])


def test_outcomes_are_all_there(study: Study) -> None:
    counts = outcome_counts(study.rows, ["surrogate", "neuron"])
    bars = share_figure(counts).data
    assert {bar.name: sum(bar.customdata) for bar in bars} == study.rows["status"].value_counts().to_dict()
    assert sum(sum(bar.x) for bar in bars) == pytest.approx(len(counts))
    points = outcome_figure(with_membrane(study.rows)).data
    assert sum(len(drawn.x) for drawn in points) == len(study.rows)


def test_a_png_carries_the_words_that_stand_beside_a_figure(study: Study) -> None:
    figure = slope_figure(study.sweep, "latency_cycles")
    picture = Picture("name", "Title", f"{'A long takeaway ' * 20}ends.", "Left out: 1 of 2 rows (1 silent).", figure)
    titled = with_title(picture)
    assert titled.layout.title.text == "<b>Title</b>"
    assert "Left out: 1 of 2 rows" in titled.layout.title.subtitle.text.replace("<br>", " ")
    room = titled.layout.height - figure.layout.height
    assert room > 100
    assert titled.layout.margin.t - figure.layout.margin.t == room
    assert figure.layout.title.text == "<b></b>"


def test_what_is_left_out_is_counted_by_status() -> None:
    rows = pd.DataFrame({"status": ["ok", "ok", "silent", "failed", "silent"]})
    assert left_out(rows, rows["status"] == "ok") == "Left out: 3 of 5 rows (2 silent, 1 failed)."
    assert left_out(rows, rows["status"] != "none") == "All 5 rows are in it."


def test_cells_of_tables() -> None:
    column = Column("a", "a", "+z.1f")
    assert column.shown(Estimate(1.25, -0.04, 2)) == "+1.2 (+0.0 to +2.0)"
    assert column.shown(Estimate(1.25)) == "+1.2"
    assert column.shown(float("nan")) == column.shown(None)
    assert Column("b", "b").shown("text") == "text"


def test_marks_are_of_kinds_that_there_are() -> None:
    assert SURROGATE_MARKS.keys() == SURROGATES.keys()
    assert NEURON_MARKS.keys() == set(NEURONS)


def test_seeds_stand_at_the_mean_accuracy_of_their_configuration() -> None:
    spreads = pd.DataFrame(
        {
            "surrogate": ["atan", "atan", "fast_sigmoid"],
            "accuracy": [0.8, 0.9, 0.7],
            "accuracy_points": [1.0, 2.0, 3.0],
            "latency_percent": [4.0, 5.0, 6.0],
        }
    )
    figure = seed_figure(spreads, pooled_points=1.5, pooled_percent=5.5)
    drawn = {(points.legendgroup, points.xaxis): (list(points.x), list(points.y)) for points in figure.data}
    assert drawn == {
        ("atan", "x"): ([0.8, 0.9], [1.0, 2.0]),
        ("atan", "x2"): ([0.8, 0.9], [4.0, 5.0]),
        ("fast_sigmoid", "x"): ([0.7], [3.0]),
        ("fast_sigmoid", "x2"): ([0.7], [6.0]),
    }
    assert [line.y0 for line in figure.layout.shapes] == [1.5, 5.5]


def test_equal_membranes_are_leaky_against_lapicque() -> None:
    pairs = pd.DataFrame(
        {
            "accuracy_leaky": [0.8, 0.9],
            "accuracy_lapicque": [0.7, 0.95],
            "latency_leaky": [1e4, 2e4],
            "latency_lapicque": [3e4, 1.5e4],
        }
    )
    accuracy, equal, latency, _ = membrane_figure({"gradient, too": pairs}).data
    assert (list(accuracy.x), list(accuracy.y)) == ([0.8, 0.9], [0.7, 0.95])
    assert (list(latency.x), list(latency.y)) == ([1e4, 2e4], [3e4, 1.5e4])
    assert list(equal.x) == list(equal.y) == [0.7, 0.95]

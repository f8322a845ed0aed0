"""Suggested rows and random ones begin alike and are equally many."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from spikecast.errors import InputError
from spikecast.evaluation import evaluate_split
from spikecast.evaluation.learning import suggested_curve, with_suggested
from spikecast.evaluation.splits import in_order, random_order
from spikecast.predictor import Predictor
from spikecast.predictor.fit import all_scores, judged
from spikecast.predictor.parts import Parts
from spikecast.report.evaluation import suggested_figure
from spikecast.rows import read_rows
from spikecast_cli.evaluate import show_suggested_curve


@pytest.fixture(scope="module")
def rows(few_rows: Path) -> pd.DataFrame:
    return read_rows(few_rows)


def test_suggested_rows_are_added_to_those_that_there_are(rows: pd.DataFrame) -> None:
    chosen = in_order(rows, random_order(rows, 1)).head(20)
    more = with_suggested(Predictor.load(), chosen, rows, 45)
    assert len(more) == 45
    assert more["key"].is_unique
    assert set(more["key"]) <= set(rows["key"])
    # A configuration whose last seeds did not fit into the first rows gets them now.
    began = rows[rows["config_key"].isin(chosen["config_key"])]
    assert set(more["key"]) > set(began["key"])


def test_random_orders_keep_configurations_together(rows: pd.DataFrame) -> None:
    orders = [in_order(rows, random_order(rows, start)) for start in (0, 0, 1)]
    assert orders[0].equals(orders[1])
    assert not orders[0].equals(orders[2])
    for ordered in orders:
        assert sorted(ordered["key"]) == sorted(rows["key"])
        turns = (ordered["config_key"] != ordered["config_key"].shift()).sum()
        assert turns == rows["config_key"].nunique()


def test_both_ways_begin_alike_and_fit_equally_many(rows: pd.DataFrame) -> None:
    parts, fitted = Predictor.load().parts, []

    def noted(chosen: pd.DataFrame) -> Parts:
        fitted.append(set(chosen["key"]))
        return parts

    train, test = (rows[rows["split"] == name] for name in ("train", "test"))
    curve = list(suggested_curve(noted, train, test, sizes=(20, 30, 40, 500), starts=2))
    assert [part["fitted_rows"] for part in curve] == [20, 30, 40]
    assert [len(keys) for keys in fitted] == [20, 30, 30, 40, 40] * 2
    first, suggested, at_random, more_suggested, more_at_random = fitted[:5]
    assert first < suggested < more_suggested
    assert first < at_random < more_at_random
    assert suggested != at_random
    assert fitted[5] != first
    assert set().union(*fitted) <= set(train["key"])
    scores = all_scores(judged(parts, test))
    assert all(part[way] == [scores, scores] for part in curve for way in ("random", "suggested"))


def test_tables_and_figures_show_means(capsys: pytest.CaptureFixture[str]) -> None:
    def scores(error: float) -> dict[str, dict[str, float]]:
        return {
            "latency_cycles": {"mape_percent": error, "within_10_percent": 0.8},
            "sparsity": {"mae": 0.01},
            "accuracy": {"mae": 0.05},
        }

    curve = [
        {"fitted_rows": 50, "random": [scores(7), scores(8)], "suggested": [scores(7), scores(8)]},
        {"fitted_rows": 100, "random": [scores(6), scores(7)], "suggested": [scores(5), scores(5.5)]},
    ]
    show_suggested_curve(Console(width=80), curve)
    shown = capsys.readouterr().out
    assert "mean of 2 random beginnings" in shown
    assert "…" not in shown
    errors = {
        way: line.split()[3]
        for line in shown.splitlines()
        for way in ("random", "suggested")
        if f"100 rows, {way}" in line
    }
    assert errors == {"random": "6.50", "suggested": "5.25"}
    lines = [drawn for drawn in suggested_figure(curve).data if drawn.xaxis == "x"]
    drawn = {(line.legendgroup, line.mode): list(line.y) for line in lines}
    assert drawn["random", "lines"] == [7.5, 6.5]
    assert drawn["suggested", "markers"] == [7, 8, 5, 5.5]


def test_too_few_rows(few_rows: Path) -> None:
    with pytest.raises(InputError, match="train rows are too few to choose among: characterize more"):
        list(evaluate_split(Predictor.load(), few_rows, "suggested"))

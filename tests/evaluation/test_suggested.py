"""Suggested rows and random ones begin alike and are equally many."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from spikecast.errors import InputError
from spikecast.evaluation.evaluate import evaluate_split
from spikecast.evaluation.learning import in_order, random_order
from spikecast.evaluation.suggested import suggested_curve, with_suggested
from spikecast.predictor import Predictor
from spikecast.report.evaluation.suggested import suggested_figure
from spikecast.rows import read_rows, read_traces
from spikecast_cli.suggestion_tables import show_suggested_curve


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


def test_both_curves_begin_alike_and_are_shown(
    few_rows: Path, rows: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    from rich.console import Console

    train, test = (rows[rows["split"] == name] for name in ("train", "test"))
    curve = list(suggested_curve(train, read_traces(few_rows), test, sizes=(25, 40, 500), starts=1))
    assert [part["fitted_rows"] for part in curve] == [25, 40]
    first, last = curve
    assert first["random"] == first["suggested"]
    assert last["random"] != last["suggested"]
    asked = (test["status"] == "ok").sum()
    assert all(part[way][0]["accuracy"]["rows"] == asked for part in curve for way in ("random", "suggested"))
    show_suggested_curve(Console(width=120), curve)
    errors = [last[way][0]["latency_cycles"]["mape_percent"] for way in ("random", "suggested")]
    shown = capsys.readouterr().out
    assert all(f"{error:.2f}" in shown for error in errors)
    drawn = {line.name: line for line in suggested_figure(curve).data if line.mode == "lines" and line.xaxis == "x"}
    assert [drawn["random"].y[1], drawn["suggested"].y[1]] == errors


def test_too_few_rows(few_rows: Path) -> None:
    with pytest.raises(InputError, match="train rows are too few to choose among: characterize more"):
        list(evaluate_split(few_rows, "suggested"))

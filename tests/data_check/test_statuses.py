"""Rows that do not have what their status says."""

from __future__ import annotations

from typing import Any

import pytest

SILENCE = "statuses: rows must be silent where the last layer never fires, and only there"


def test_an_unknown_status(tables: Any, found: Any) -> None:
    row = tables.row("ok")
    tables.rows.loc[row, "status"] = "fine"
    problem = "statuses: status must be one of ok, silent, collapsed, diverged, failed"
    assert found() == {problem: (tables.rows["key"][row],)}


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("column", ["accuracy", "latency_cycles_p95", "spikes_in_conv1", "final_loss"])
def test_a_number_is_missing(tables: Any, found: Any, column: str, value: float) -> None:
    row = tables.row("ok")
    tables.rows.loc[row, column] = value
    assert found() == {f"statuses: ok rows must have a finite number in {column}": (tables.rows["key"][row],)}


def test_a_column_is_missing(tables: Any, found: Any) -> None:
    tables.rows = tables.rows.drop(columns="evaluated_samples")
    assert set(found()) == {
        f"statuses: {status} rows must have a finite number in evaluated_samples"
        for status in ("ok", "silent", "collapsed")
    }


@pytest.mark.parametrize("seconds", [float("nan"), float("inf")])
@pytest.mark.parametrize("status", ["ok", "diverged"])
def test_trained_for_no_known_time(tables: Any, found: Any, status: str, seconds: float) -> None:
    row = tables.row(status)
    tables.rows.loc[row, "train_seconds"] = seconds
    expected = f"statuses: {status} rows must have a finite number in train_seconds"
    assert found() == {expected: (tables.rows["key"][row],)}


@pytest.mark.parametrize(
    ("status", "column"),
    [
        ("diverged", "accuracy"),
        ("diverged", "sparsity_conv1"),
        ("failed", "latency_cycles"),
        ("failed", "train_seconds"),
        ("failed", "kept_epoch"),
    ],
)
def test_a_number_that_was_never_measured(tables: Any, found: Any, status: str, column: str) -> None:
    row = tables.row(status)
    tables.rows.loc[row, column] = 1.0
    assert found() == {f"statuses: {status} rows must have no {column}": (tables.rows["key"][row],)}


@pytest.mark.parametrize("error", [None, ""])
def test_failed_without_an_error(tables: Any, found: Any, error: str | None) -> None:
    row = tables.row("failed")
    tables.rows.loc[row, "error"] = error
    assert found() == {"statuses: failed rows must have an error": (tables.rows["key"][row],)}


def test_an_error_without_failing(tables: Any, found: Any) -> None:
    row = tables.row("silent")
    tables.rows.loc[row, "error"] = "MemoryError"
    assert found() == {"statuses: only failed rows may have an error": (tables.rows["key"][row],)}


def test_ok_but_silent(tables: Any, found: Any) -> None:
    row = tables.row("silent")
    tables.rows.loc[row, "status"] = "ok"
    assert found() == {SILENCE: (tables.rows["key"][row],)}


def test_silent_but_firing(tables: Any, found: Any) -> None:
    row = tables.row("ok")
    tables.rows.loc[row, "status"] = "silent"
    assert found()[SILENCE] == (tables.rows["key"][row],)

"""Columns of the wrong type are found, and nothing else is then checked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("accuracy", "high", "accuracy must hold numbers"),
        ("accuracy", True, "accuracy must hold numbers"),
        ("sparsity_fc1", "high", "sparsity_fc1 must hold numbers"),
        ("neuron", 1, "neuron must hold text"),
        ("error", 1.5, "error must hold text"),
    ],
)
def test_rows(tables: Any, report: Any, column: str, value: object, problem: str) -> None:
    tables.rows[column] = [value] * len(tables.rows)
    checked = report()
    assert [(finding.check, finding.problem) for finding in checked.findings] == [("types", problem)]
    assert checked.findings[0].keys == tuple(tables.rows["key"])
    assert not checked.complete


@pytest.mark.parametrize("column", ["timesteps", "evaluated_samples", "kept_epoch"])
def test_half_a_step(tables: Any, found: Any, column: str) -> None:
    row = tables.row("ok")
    tables.rows[column] = tables.rows[column].astype(float)
    tables.rows.loc[row, column] = 4.5
    assert found() == {f"types: {column} must hold whole numbers": (tables.rows["key"][row],)}


@pytest.mark.parametrize(
    ("column", "values", "problem"),
    [
        ("layer", 1, "layer of traces must hold text"),
        ("layer", None, "layer of traces must hold text"),
        ("channels", 2.5, "channels of traces must hold whole numbers"),
        ("counts", np.array([0.5]), "counts of traces must hold lists of whole numbers"),
        ("samples", None, "samples of traces must hold lists of whole numbers"),
        ("done_cycles", 7, "done_cycles of traces must hold lists of whole numbers"),
    ],
)
def test_traces(tables: Any, found: Any, column: str, values: object, problem: str) -> None:
    tables.traces[column] = [values] * len(tables.traces)
    assert found() == {f"types: {problem}": tuple(tables.traces["key"])}

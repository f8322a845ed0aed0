"""Rows and traces that are there twice, or belong to nothing."""

from __future__ import annotations

from typing import Any

import pandas as pd


def test_a_key_twice(tables: Any, found: Any) -> None:
    row = tables.row("failed")
    tables.rows = pd.concat([tables.rows, tables.rows.loc[[row]]], ignore_index=True)
    assert found() == {"unique: keys must be in rows once": (tables.rows["key"][row],)}


def test_a_trace_twice(tables: Any, found: Any) -> None:
    row = tables.row("ok")
    trace = tables.trace(row, "conv2")
    tables.traces = pd.concat([tables.traces, tables.traces.loc[[trace]]], ignore_index=True)
    assert found() == {"unique: layers of a key must be in traces once": (tables.rows["key"][row],)}


def test_traces_without_a_row(tables: Any, report: Any) -> None:
    row = tables.row("ok")
    key = tables.rows["key"][row]
    tables.rows = tables.rows.drop(index=row)
    (finding,) = report().findings
    assert (finding.check, finding.problem) == ("unique", "traces must belong to a row")
    assert (finding.keys, finding.value) == ((key,), "conv1, conv2, fc1, fc2")

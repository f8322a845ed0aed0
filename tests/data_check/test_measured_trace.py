"""Traces that are not those of the row's layers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest


def test_a_layer_is_missing(tables: Any, report: Any) -> None:
    row = tables.row("silent")
    tables.traces = tables.traces.drop(index=tables.trace(row, "fc1"))
    (finding,) = report().findings
    assert (finding.check, finding.problem) == ("traces", "silent rows must have a trace of every layer")
    assert (finding.keys, finding.value) == ((tables.rows["key"][row],), "no fc1")


@pytest.mark.parametrize("status", ["diverged", "failed"])
def test_a_trace_of_what_was_never_simulated(tables: Any, found: Any, status: str) -> None:
    row, key = tables.row("ok"), tables.rows["key"][tables.row(status)]
    stray = tables.traces.loc[[tables.trace(row, "conv1")]].assign(key=key)
    tables.traces = pd.concat([tables.traces, stray], ignore_index=True)
    assert found() == {f"traces: {status} rows must have no trace": (key,)}


def test_a_layer_that_the_network_lacks(tables: Any, found: Any) -> None:
    row = tables.row("ok")
    stray = tables.traces.loc[[tables.trace(row, "conv1")]].assign(layer="conv9")
    tables.traces = pd.concat([tables.traces, stray], ignore_index=True)
    assert found() == {"traces: traces must be of layers that the network has": (tables.rows["key"][row],)}


@pytest.mark.parametrize("column", ["layer_index", "timesteps", "channels"])
def test_another_size(tables: Any, found: Any, column: str) -> None:
    row = tables.row("ok")
    tables.traces.loc[tables.trace(row, "conv2"), column] += 1
    assert found() == {f"traces: {column} of traces must fit the layer": (tables.rows["key"][row],)}


@pytest.mark.parametrize("column", ["counts", "done_cycles"])
def test_a_list_cut_short(tables: Any, found: Any, column: str) -> None:
    row = tables.row("ok")
    trace = tables.trace(row, "fc2")
    tables.traces.at[trace, column] = tables.traces.at[trace, column][:-1]
    assert found() == {f"traces: length of {column} of traces must fit the layer": (tables.rows["key"][row],)}


def test_layers_of_other_samples(tables: Any, found: Any) -> None:
    row = tables.row("ok")
    tables.change(tables.trace(row, "fc1"), "samples", 3, 1)
    assert found() == {"traces: traces of a row must be of the same samples": (tables.rows["key"][row],)}


@pytest.mark.parametrize("sample", [-1, 300])
def test_samples_that_were_not_evaluated(tables: Any, found: Any, sample: int) -> None:
    row = tables.row("ok")
    for layer in ("conv1", "conv2", "fc1", "fc2"):
        trace = tables.trace(row, layer)
        tables.traces.at[trace, "samples"] = np.append(tables.traces.at[trace, "samples"][:-1], sample)
    expected = "traces: samples of traces must be some of those evaluated"
    assert found() == {expected: (tables.rows["key"][row],) * 4}

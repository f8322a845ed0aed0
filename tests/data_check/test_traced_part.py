"""Numbers of all samples that those of the traced ones refute."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize("measure", ["spikes_in", "latency_cycles"])
def test_less_than_the_traced_samples(tables: Any, found: Any, measure: str) -> None:
    row = tables.row("ok")
    column = f"{measure}_conv1"
    tables.rows.loc[row, column] /= 300
    expected = f"traced part: {column} of all samples together must be that of the traced ones or more"
    assert found()[expected] == (tables.rows["key"][row],)


def test_a_percentile_below_the_shortest_traced_sample(tables: Any, found: Any) -> None:
    row = tables.row("ok")
    key = tables.rows["key"][row]
    shortest = tables.traces.loc[tables.traces["key"] == key, "done_cycles"].sum().min()
    tables.rows.loc[row, "latency_cycles_p95"] = shortest
    assert found() == {}
    tables.rows.loc[row, "latency_cycles_p95"] = shortest - 1
    expected = "traced part: latency_cycles_p95 must be possible with the traced samples"
    assert found() == {expected: (key,)}

"""Means, parts and totals that disagree."""

from __future__ import annotations

from typing import Any

import pytest

from spikecast.data_check.numbers import above_percentile


@pytest.mark.parametrize("column", ["accuracy", "spikes_in_fc1"])
def test_a_mean_of_no_whole_numbers(tables: Any, found: Any, column: str) -> None:
    row = tables.row("ok")
    tables.rows.loc[row, column] += 0.5 / 300
    expected = f"totals: {column} times evaluated_samples must be a whole number"
    assert found() == {expected: (tables.rows["key"][row],)}


def test_sparsity_of_other_layers(tables: Any, found: Any) -> None:
    row = tables.row("ok")
    tables.rows.loc[row, "sparsity_fc1"] += 0.01
    expected = "totals: sparsity must be the layers' mean, weighted with their neurons"
    assert found() == {expected: (tables.rows["key"][row],)}


@pytest.mark.parametrize(
    ("architecture", "layer"), [("16C3-MP2-32C3-MP2-FC128-FC100", "fc1"), ("FC30-FC20-FC10", "fc3")]
)
def test_latency_of_other_layers(tables: Any, found: Any, architecture: str, layer: str) -> None:
    row = tables.rows.index[tables.rows["architecture"] == architecture][0]
    tables.rows.loc[row, f"latency_cycles_{layer}"] += 1
    expected = "totals: latency_cycles must be that of the layers together"
    assert found() == {expected: (tables.rows["key"][row],)}


def test_a_percentile_far_above_the_mean(tables: Any, found: Any) -> None:
    row = tables.row("ok")
    tables.rows.loc[row, "latency_cycles_p95"] = 20.1 * tables.rows.loc[row, "latency_cycles"]
    expected = "totals: latency_cycles_p95 must be possible with the mean"
    assert found() == {expected: (tables.rows["key"][row],)}


@pytest.mark.parametrize(("samples", "above"), [(1, 0), (2, 1), (20, 1), (21, 1), (41, 2), (300, 15)])
def test_samples_above_the_percentile(samples: int, above: int) -> None:
    assert above_percentile(samples) == above

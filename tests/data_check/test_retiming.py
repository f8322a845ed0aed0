"""Recorded cycles that the timing laws do not give."""

from __future__ import annotations

from typing import Any

import pytest

CYCLES = "done_cycles must be those of the counts on the row's hardware"


@pytest.mark.parametrize(
    ("architecture", "layer"),
    [("16C3-MP2-32C3-MP2-FC128-FC100", "conv2"), ("FC30-FC20-FC10", "fc2"), ("4C3-MP2-FC20", "fc1")],
)
def test_one_cycle_more(tables: Any, report: Any, architecture: str, layer: str) -> None:
    row = tables.rows.index[tables.rows["architecture"] == architecture][0]
    trace = tables.trace(row, layer)
    right, sample = tables.traces.at[trace, "done_cycles"][3], tables.traces.at[trace, "samples"][3]
    tables.change(trace, "done_cycles", 3, 1)
    (finding,) = report().findings
    assert (finding.check, finding.problem, finding.keys) == ("cycles", CYCLES, (tables.rows["key"][row],))
    assert finding.value == f"{layer}, sample {sample}: {right + 1}, not {right}"


def test_other_hardware(tables: Any, found: Any) -> None:
    row = tables.row("ok")
    described = tables.rows.loc[row, "hardware_description"]
    tables.rows.loc[row, "hardware_description"] = described.replace('"fc":50', '"fc":40')
    assert found() == {f"cycles: {CYCLES}": (tables.rows["key"][row],)}


@pytest.mark.parametrize(("layer", "by"), [("conv2", 300), ("fc2", -1000)])
def test_impossible_counts_are_told_from_the_others(tables: Any, report: Any, layer: str, by: int) -> None:
    row, timed = tables.row("ok"), report().samples_retimed
    tables.change(tables.trace(row, layer), "counts", 5, by)
    checked = report()
    (finding,) = checked.findings
    assert (finding.check, finding.problem) == ("cycles", "counts must be possible")
    assert finding.keys == (tables.rows["key"][row],)
    assert layer in finding.value
    assert checked.samples_retimed == timed - 16


def test_hardware_that_cannot_run_the_network(tables: Any, found: Any) -> None:
    row = tables.row("ok")
    described = tables.rows.loc[row, "hardware_description"]
    tables.rows.loc[row, "hardware_description"] = described.replace('"cores":{"conv":"full","fc":50}', '"cores":[1,2]')
    assert found() == {"cycles: hardware must be able to run the network": (tables.rows["key"][row],)}

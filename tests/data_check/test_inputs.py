"""A network that received other spikes than the rest on the same recordings."""

from __future__ import annotations

from typing import Any

INPUTS = "inputs: input spikes must be equal in rows of equal data set, timesteps, input_size and samples"


def test_other_inputs(tables: Any, found: Any) -> None:
    row = tables.row("ok", 2)
    trace = tables.trace(row, "conv1")
    tables.change(trace, "counts", 0, 1)
    key = tables.rows["key"][row]
    # One spike more also takes more cycles.
    assert found() == {
        INPUTS: (key,),
        "cycles: done_cycles must be those of the counts on the row's hardware": (key,),
    }


def test_spikes_that_come_back_are_no_inputs(tables: Any, found: Any) -> None:
    row = tables.rows.index[tables.rows["neuron"] == "rleaky"][0]
    tables.change(tables.trace(row, "conv1"), "counts", 2, 1)
    assert INPUTS not in found()

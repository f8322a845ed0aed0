"""Numbers that cannot be."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("column", "value", "allowed"),
    [
        ("accuracy", 2.0, "0 to 1"),
        ("sparsity", -0.1, "0 to 1"),
        ("sparsity_conv2", 1.1, "0 to 1"),
        ("spike_agreement", 1.01, "0 to 1"),
        ("latency_cycles", 0.0, "1 or more"),
        ("latency_cycles_p95", 0.0, "1 or more"),
        ("latency_cycles_fc2", -5.0, "1 or more"),
        ("evaluated_samples", 0, "1 or more"),
        ("spikes_in_fc1", -1.0, "0 or more"),
        ("final_loss", -1.0, "0 or more"),
        ("train_seconds", -1.0, "0 or more"),
        ("simulate_seconds", -1.0, "0 or more"),
    ],
)
def test_out_of_range(tables: Any, found: Any, column: str, value: float, allowed: str) -> None:
    row = tables.row("ok")
    tables.rows.loc[row, column] = value
    assert found()[f"ranges: {column} must be {allowed}"] == (tables.rows["key"][row],)


@pytest.mark.parametrize("beyond", [False, True])
def test_an_epoch_that_never_was(tables: Any, found: Any, beyond: bool) -> None:
    row = tables.row("diverged")
    tables.rows.loc[row, "kept_epoch"] = tables.rows.loc[row, "epochs"] + 1 if beyond else 0
    assert found() == {"ranges: kept_epoch must be one of the epochs": (tables.rows["key"][row],)}

"""Seeds are averaged over what worked, and no configuration is lost."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from spikecast.study.tables import configurations, layer_columns, ok_only, useful_only

from .tables import row, table


def test_seeds_are_averaged_over_those_that_are_ok() -> None:
    rows = table(
        row(0.8, 100, beta=0.3, seed=0),
        row(0.9, 300, beta=0.3, seed=1),
        row(status="collapsed", beta=0.3, seed=2),
        row(status="diverged", beta=0.6),
    )
    made = configurations(rows).set_index("beta")
    assert made.loc[0.3, "accuracy"] == pytest.approx(0.85)
    assert made.loc[0.3, "latency_cycles"] == pytest.approx(200)
    assert made.loc[0.3, ["seeds", "ok_seeds", "recordings"]].tolist() == [3, 2, 300]
    assert made["status"].to_dict() == {0.3: "ok", 0.6: "diverged"}
    assert math.isnan(made.loc[0.6, "accuracy"])
    assert ok_only(made).index.tolist() == [0.3]


def test_of_two_outcomes_as_often_the_worse_names_the_configuration() -> None:
    made = configurations(table(row(seed=0), row(status="collapsed", seed=1)))
    assert made["status"].tolist() == ["collapsed"]


def test_the_order_of_rows_changes_nothing() -> None:
    rows = table(*(row(0.5 + seed / 10, beta=beta, seed=seed) for beta in (0.2, 0.4, 0.6) for seed in (0, 1)))
    pd.testing.assert_frame_equal(configurations(rows), configurations(rows[::-1]))


def test_layers_are_in_the_order_of_the_network() -> None:
    rows = pd.DataFrame(columns=["sparsity", "sparsity_fc1", "sparsity_conv10", "sparsity_conv2"])
    assert layer_columns(rows) == ["sparsity_conv2", "sparsity_conv10", "sparsity_fc1"]


def test_useful_is_told_by_the_best_of_the_same_network() -> None:
    rows = table(
        row(0.9, beta=0.1),
        row(0.73, beta=0.2),
        row(0.71, beta=0.3),
        row(0.5, beta=0.4, architecture="16C3-MP2-FC100"),
    )
    assert sorted(useful_only(configurations(rows))["beta"]) == [0.1, 0.2, 0.4]

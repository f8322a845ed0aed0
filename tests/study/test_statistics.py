"""Correlation, outcomes, layers, inventory and variance components by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from spikecast.study.counts import inventory, layer_sparsity, near_chance, outcome_counts
from spikecast.study.seeds import components, seed_variance, spread_of_seeds
from spikecast.study.statistics import accuracy_latency_correlation, peak
from spikecast.study.tables import with_membrane

from .tables import row, table


def test_correlation_is_that_of_scipy_with_an_interval() -> None:
    random = np.random.default_rng(3)
    accuracy = random.uniform(0.5, 1, 200)
    rows = pd.DataFrame({"accuracy": accuracy, "latency_cycles": 1000 * accuracy + random.normal(0, 200, 200)})
    found = accuracy_latency_correlation(rows)
    assert found.value == pytest.approx(stats.spearmanr(rows["accuracy"], rows["latency_cycles"]).statistic)
    assert found.low < found.value < found.high
    # Fisher's approximation.
    assert found.high - found.low == pytest.approx(2 * 1.96 * (1 - found.value**2) / math.sqrt(197), rel=0.25)


def test_outcomes_are_counted_whatever_they_are() -> None:
    rows = table(
        row(0.9, seed=0),
        row(0.14, seed=1),
        row(status="silent", seed=2),
        row(status="diverged", neuron="lapicque"),
    )
    counts = outcome_counts(rows, ["surrogate", "neuron"])
    assert counts.loc[("fast_sigmoid", "leaky")].tolist() == [2, 1, 0, 0, 0]
    assert counts.loc[("fast_sigmoid", "lapicque"), "diverged"] == 1
    assert near_chance(rows, classes=10) == 1


def test_layers_by_hand() -> None:
    rows = pd.DataFrame({"sparsity_fc1": [0.2, 0.4, 0.6], "sparsity_conv1": [0.7, 0.9, 0.8], "sparsity_conv2": np.nan})
    found = layer_sparsity(rows)
    assert found["layer"].tolist() == ["conv1", "fc1"]
    assert found["median"].tolist() == pytest.approx([0.8, 0.4])
    assert found["low"].tolist() == pytest.approx([0.71, 0.22])
    assert found["high"].tolist() == pytest.approx([0.89, 0.58])


def test_the_inventory_counts_everything() -> None:
    small = "16C3-MP2-FC100"
    rows = table(row(seed=0), row(0.95, seed=1), row(status="failed", beta=0.3), row(0.6, architecture=small))
    first, second = inventory(rows).to_dict("records")
    assert (first["rows"], first["configurations"], first["several_seeds"]) == (3, 2, 1)
    assert (first["ok"], first["failed"], first["silent"]) == (2, 1, 0)
    assert (first["best_accuracy"], first["core_hours"]) == (0.95, 3)
    assert (second["architecture"], second["rows"]) == (small, 1)


def test_membranes_at_gain_one() -> None:
    found = with_membrane(
        table(row(beta=0.3, threshold=0.6), row(neuron="lapicque", beta=math.exp(-0.5), threshold=0.6))
    )
    assert found["leak"].tolist() == pytest.approx([0.3, 0.5])
    assert found["effective_threshold"].tolist() == pytest.approx([0.6, 1.2])


def test_a_peak_is_more_than_the_single_best() -> None:
    assert peak(np.array([0.1, 0.9, 0.8, 0.7])) == pytest.approx(0.8)
    assert peak(np.array([0.4])) == 0.4


def test_variance_components_by_hand() -> None:
    # Two configurations with two seeds each: 1, 3 and 11, 13. Within 2; mean square between 100; between (100 - 2) / 2.
    assert components(np.array([2.0, 2.0]), np.array([2.0, 12.0]), np.array([2.0, 2.0])) == pytest.approx((2, 49))
    # All alike: nothing lies between.
    assert components(np.array([2.0, 3.0]), np.array([5.0, 5.0]), np.array([4.0, 1.0])) == pytest.approx((2, 0))


def test_the_seed_s_share_and_spread() -> None:
    random = np.random.default_rng(2)
    between = random.normal(0, 3, 150)
    rows = pd.DataFrame(
        {
            "config_key": np.repeat([f"c{i}" for i in range(150)], 4),
            "accuracy": np.repeat(between, 4) + random.normal(0, 1, 600),
        }
    )
    alone = pd.DataFrame({"config_key": ["alone"], "accuracy": [1e6]})
    found = seed_variance(pd.concat([rows, alone]), "accuracy")
    assert (found.configurations, found.rows) == (150, 600)
    assert found.share.low < 0.1 < found.share.high
    assert found.spread.low < 1 < found.spread.high
    assert spread_of_seeds(rows, "accuracy") == pytest.approx(found.spread.value)


def test_a_spread_of_logarithms_is_relative() -> None:
    rows = pd.DataFrame({"config_key": ["a", "a", "b", "b"], "latency_cycles": [100, 110, 1000, 1100]})
    assert seed_variance(rows, "latency_cycles", log=True).spread.value == pytest.approx(math.log(1.1) / math.sqrt(2))


def test_single_seeds_have_no_variance() -> None:
    rows = pd.DataFrame({"config_key": ["a", "b"], "accuracy": [0.1, 0.2]})
    found = seed_variance(rows, "accuracy")
    assert (found.configurations, found.rows) == (0, 0)
    assert math.isnan(found.share.value)
    assert math.isnan(spread_of_seeds(rows, "accuracy"))

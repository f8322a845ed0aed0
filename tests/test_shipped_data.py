"""The shipped rows: complete, consistent, and timed exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from spikecast.accelerator import Hardware, time_trace
from spikecast.characterize.space import load_space
from spikecast.neurons import DEFAULTS, NeuronDefaults
from spikecast.rows import STATUSES, choices_of, read_rows, read_traces, split_of, trace_of
from spikecast.study.defaults import best_choices
from spikecast.study.study import Study
from spikecast.surrogates import SURROGATES


@pytest.fixture(scope="module")
def rows(repository: Path) -> pd.DataFrame:
    return read_rows(repository / "data" / "characterization")


@pytest.fixture(scope="module")
def traces(repository: Path) -> pd.DataFrame:
    return read_traces(repository / "data" / "characterization")


def test_as_many_as_promised(rows: pd.DataFrame) -> None:
    seeds = rows.groupby("config_key")["seed"].nunique()
    assert len(seeds) >= 700
    assert (seeds >= 2).sum() >= 160
    slopes = rows[rows["beta"].eq(0.5) & rows["threshold"].eq(0.5)].groupby(["surrogate", "neuron"])["slope"].nunique()
    assert set(slopes.index) == {(name, neuron) for name in SURROGATES for neuron in ("leaky", "lapicque")}
    assert all(slopes[name, neuron] >= 8 for name, neuron in slopes.index if SURROGATES[name].has_slope)


def test_keys_and_splits_are_those_of_the_choices(rows: pd.DataFrame) -> None:
    assert rows["key"].is_unique
    for row in rows.to_dict("records"):
        choices = choices_of(row)
        assert (row["key"], row["config_key"]) == (choices.key, choices.config_key)
        assert row["split"] == split_of(choices.config_key)


def test_the_card_counts_the_rows(rows: pd.DataFrame, repository: Path) -> None:
    card = (repository / "data" / "characterization" / "README.md").read_text()
    configurations, seconds = rows["config_key"].nunique(), rows["train_seconds"].sum() + rows["simulate_seconds"].sum()
    test = rows[rows["split"] == "test"]
    share = 100 * test["config_key"].nunique() / configurations
    assert f"| Rows | {len(rows):,} networks of {configurations:,} configurations," in card
    assert f"| Split | {len(test):,} rows, {share:.0f} % of the configurations," in card
    assert f"| Cost | {seconds / 3600:.1f} core-hours " in card
    for dataset, group in rows.groupby("dataset"):
        counts = [f"{(group['status'] == status).sum():,}" for status in ("ok", "collapsed", "silent")]
        assert f"| `{dataset}` | {len(group):,} | {' | '.join(counts)} | {group['accuracy'].max():.3f} |" in card
    for path in set((repository / "spaces").glob("*.yaml")) - {repository / "spaces" / "smoke.yaml"}:
        keys = {choices.key for choices in load_space(path).trials()}
        measured = len(keys & set(rows["key"]))
        told = f"{measured:,}" if measured == len(keys) else f"{measured:,} of {len(keys):,}"
        assert (f"| `{path.stem}` | {told} |" in card) == (measured > 0), path.stem


def layer_names(row: dict[str, Any]) -> list[str]:
    return [shape.name for shape in choices_of(row).layers]


def test_numbers_are_possible(rows: pd.DataFrame) -> None:
    for row in rows.to_dict("records"):
        layers = layer_names(row)
        shares = [row[name] for name in ("accuracy", "sparsity", "spike_agreement", *(f"sparsity_{n}" for n in layers))]
        assert min(shares) >= 0
        assert max(shares) <= 1
        assert sum(row[f"latency_cycles_{name}"] for name in layers) == pytest.approx(row["latency_cycles"])
    assert (rows["latency_cycles_p95"] >= rows["latency_cycles"] * 0.9).all()
    assert rows["spike_agreement"].min() > 0.9995


def test_statuses_say_what_happened(rows: pd.DataFrame) -> None:
    assert set(rows["status"]) <= set(STATUSES)
    for row in rows.to_dict("records"):
        assert (row[f"sparsity_{layer_names(row)[-1]}"] == 1) == (row["status"] == "silent")
    silent = rows[rows["status"] == "silent"]
    # A silent network names the first class, whatever it is shown.
    assert (silent.groupby("dataset")["accuracy"].nunique() == 1).all()


def test_every_trace_times_to_its_recorded_cycles(rows: pd.DataFrame, traces: pd.DataFrame) -> None:
    assert set(traces["key"]) == set(rows["key"])
    by_key = dict(iter(traces.groupby("key")))
    for row in rows.to_dict("records"):
        recorded = by_key[row["key"]].sort_values("layer_index")
        hardware = Hardware.model_validate_json(row["hardware_description"])
        latency = time_trace(trace_of(recorded, choices_of(row)), hardware)
        assert np.array_equal(latency.done, np.stack(recorded["done_cycles"].to_list(), axis=1))


def test_defaults_are_what_the_rows_speak_for(rows: pd.DataFrame) -> None:
    study = Study.of(rows)
    slopes = best_choices(study.sweep, "surrogate", ["slope"]).set_index("surrogate")["slope"]
    # No network of the sweep learned under it.
    assert set(SURROGATES) - set(slopes.index) == {"sparse_fast_sigmoid"}
    assert slopes.to_dict() == {name: SURROGATES[name].default_slope for name in slopes.index}
    neurons = best_choices(pd.concat([grid.rows for grid in study.grids]), "neuron", ["beta", "threshold"])
    found = {row["neuron"]: NeuronDefaults(row["beta"], row["threshold"]) for row in neurons.to_dict("records")}
    assert found == {name: DEFAULTS[name] for name in ("leaky", "lapicque")}

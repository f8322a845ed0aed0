"""One trial, and what becomes of networks that do not learn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from importlib.metadata import version
from typing import Any

import numpy as np
import pytest
import torch

from spikecast.accelerator import load_hardware, time_trace
from spikecast.characterize import trial as trial_module
from spikecast.characterize.trial import TrialResult, outcome, run_trial
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.rows import REQUIRED_COLUMNS, trace_of
from spikecast.snn.network import SpikingNetwork
from spikecast.snn.training import Training

SMALL = {"architecture": "4C3-MP2-FC20", "input_size": 16, "epochs": 1}
SPARSE_CORE = load_hardware("sparse-core")


def run(**choices: Any) -> TrialResult:
    return run_trial(TrainingChoices(**{**SMALL, **choices}), SPARSE_CORE)


@pytest.fixture(scope="module")
def finished() -> TrialResult:
    return run(surrogate="atan", threshold=0.3)


def test_row_is_complete(finished: TrialResult) -> None:
    row = finished.row
    assert set(REQUIRED_COLUMNS) <= set(row)
    assert row["status"] == "ok"
    assert f" snntorch {version('snntorch')} " in row["versions"]
    assert 0.1 < row["accuracy"] <= 1
    assert row["spike_agreement"] > 0.9995
    assert row["latency_cycles"] == pytest.approx(row["latency_cycles_conv1"] + row["latency_cycles_fc1"])
    neurons = {"conv1": 4 * 16 * 16, "fc1": 20}
    total = sum(neurons[name] * row[f"sparsity_{name}"] for name in neurons) / sum(neurons.values())
    assert row["sparsity"] == pytest.approx(total)


def test_traces_time_to_exactly_the_recorded_cycles(finished: TrialResult) -> None:
    import pandas as pd

    choices = TrainingChoices(**{name: finished.row[name] for name in TrainingChoices.model_fields})
    trace = trace_of(pd.DataFrame(finished.traces), choices)
    assert trace.samples == 16
    latency = time_trace(trace, SPARSE_CORE)
    recorded = np.stack([layer["done_cycles"] for layer in finished.traces], axis=1)
    assert np.array_equal(latency.done, recorded)


def test_a_row_says_what_stepped_the_neurons_and_which_epoch_was_kept(finished: TrialResult) -> None:
    assert finished.row["neuron_engine"] == "fused"
    assert finished.row["kept_epoch"] == 1


@pytest.mark.parametrize("neuron", ["synaptic", "alpha", "rleaky"])
def test_other_neurons_train_and_simulate_alike(neuron: str) -> None:
    row = run(neuron=neuron, surrogate="atan", weight_bits=8).row
    assert row["neuron_engine"] == "snntorch"
    assert row["spike_agreement"] > 0.999
    assert row["latency_cycles"] > 0


def test_a_network_that_cannot_fire_is_silent() -> None:
    row = run(threshold=100.0).row
    assert row["status"] == "silent"
    assert row["sparsity_fc1"] == 1.0


def test_a_trial_that_diverges_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def diverge(choices: TrainingChoices, _: object) -> Training:
        return Training(SpikingNetwork(choices), (float("nan"),), kept_epoch=1, seconds=1.0, diverged=True)

    monkeypatch.setattr(trial_module, "train", diverge)
    result = run()
    assert result.row["status"] == "diverged"
    assert "accuracy" not in result.row
    assert result.traces == []


def test_a_trial_that_breaks_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_arguments: object) -> Training:
        raise MemoryError("no room")

    monkeypatch.setattr(trial_module, "train", breaks)
    row = run().row
    assert (row["status"], row["error"]) == ("failed", "MemoryError: no room")
    assert row["key"] == TrainingChoices(**SMALL).key


def test_a_damaged_data_set_stops_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_arguments: object) -> None:
        raise InputError("nmnist.npz is damaged")

    monkeypatch.setattr(trial_module, "load_binned", damaged)
    with pytest.raises(InputError, match="damaged"):
        run()


@pytest.fixture
def own_settings() -> Iterator[None]:
    """Settings of torch that no trial uses; the tests' own afterwards."""
    memory: Any = torch.utils.deterministic
    before = torch.get_num_threads(), torch.get_deterministic_debug_mode(), memory.fill_uninitialized_memory
    torch.set_num_threads(2)
    torch.set_deterministic_debug_mode("warn")
    memory.fill_uninitialized_memory = True
    yield
    torch.set_num_threads(before[0])
    torch.set_deterministic_debug_mode(before[1])
    memory.fill_uninitialized_memory = before[2]


def settings() -> tuple[Any, ...]:
    memory: Any = torch.utils.deterministic
    generator = torch.get_rng_state().tolist()
    return torch.get_num_threads(), torch.get_deterministic_debug_mode(), memory.fill_uninitialized_memory, generator


@pytest.mark.parametrize("error", [None, MemoryError("no room"), InputError("damaged")])
@pytest.mark.usefixtures("own_settings")
def test_a_trial_leaves_torch_as_it_was(error: Exception | None, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.rand(3)
    before = settings()
    trained = trial_module.train

    def train(*arguments: Any) -> Training:
        assert torch.get_num_threads() == 1
        assert torch.are_deterministic_algorithms_enabled()
        training = trained(*arguments)
        if error is not None:
            raise error
        return training

    monkeypatch.setattr(trial_module, "train", train)
    with pytest.raises(InputError) if isinstance(error, InputError) else nullcontext():
        assert run(surrogate="atan", threshold=0.3).row["status"] == ("failed" if error else "ok")
    assert settings() == before


def test_outcomes() -> None:
    silent = np.zeros((3, 2, 10), np.uint8)
    fires = np.ones((3, 2, 10), np.uint8)
    assert outcome(silent, np.array([0, 0, 0])) == "silent"
    assert outcome(fires, np.array([4, 4, 4])) == "collapsed"
    assert outcome(fires, np.array([4, 4, 5])) == "ok"

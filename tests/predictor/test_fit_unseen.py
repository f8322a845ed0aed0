"""What is said of kinds that were never measured comes from leaving out those that were."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from spikecast.accelerator import load_hardware
from spikecast.choices import TrainingChoices
from spikecast.predictor import Predictor
from spikecast.predictor.fit.learned_rows import LearnedRows, questions_of, with_costs, with_returning
from spikecast.predictor.fit.unseen import UNSEEN, foreseeable, unseen_widths, without
from spikecast.predictor.questions import Questions
from spikecast.predictor.spikes.activity import LayerTable
from spikecast.rows import read_rows, read_traces


@pytest.fixture(scope="module")
def ok(repository: Path) -> pd.DataFrame:
    """Every tenth row of several networks and neurons."""
    rows = read_rows(repository / "data" / "characterization")
    rows = rows[(rows["status"] == "ok") & (rows["dataset"] == "nmnist")]
    return rows.sort_values("key").iloc[::10].reset_index(drop=True)


def widths(rows: pd.DataFrame, repository: Path) -> dict[str, dict[str, float]]:
    predictor, hardware = Predictor.load(), load_hardware("sparse-core")
    questions, references = questions_of(rows), predictor.parts.references
    traces = read_traces(repository / "data" / "characterization")
    measured = with_costs(with_returning(rows, traces), questions, references, hardware)
    learned = LearnedRows(measured, questions, predictor.features(questions))
    return unseen_widths(learned, references, hardware, jobs=2)


def test_a_value_that_is_unlike_all_others_widens_what_is_said_of_new_ones(ok: pd.DataFrame, repository: Path) -> None:
    ok = ok[ok["architecture"].isin(["16C3-MP2-FC100", "16C3-MP2-32C3-MP2-FC100", "8C3-MP2-16C3-MP2-32C3-MP2-FC100"])]
    ok = ok[ok["neuron"] != "rleaky"].reset_index(drop=True)
    plain = widths(ok, repository)
    assert set(plain) == {"sparsity", "latency_cycles", "energy_nj", "synaptic_operations", "layer_sparsity"}
    assert all(set(by_choice) == set(UNSEEN) for by_choice in plain.values())
    slower = ok["latency_cycles"] * np.where(ok["architecture"] == "16C3-MP2-FC100", 20.0, 1.0)
    moved = widths(ok.assign(latency_cycles=slower), repository)
    assert moved["latency_cycles"]["architecture"] > plain["latency_cycles"]["architecture"] + 1.0
    assert moved["sparsity"] == plain["sparsity"]


def test_what_is_left_out_tells_nothing_of_itself() -> None:
    random = np.random.default_rng(0)
    x, out = random.normal(size=(120, 3)), np.arange(120) < 30
    table = LayerTable(x, np.arange(120), np.zeros(120, dtype=np.int64))
    y = np.column_stack([x.sum(axis=1), x[:, 0]])
    said = without(table, y, out)
    assert said == pytest.approx(without(table, np.where(out[:, np.newaxis], 99.0, y), out))
    assert said == pytest.approx(y[out], abs=0.5)


def test_only_what_others_tell_of_is_left_out(ok: pd.DataFrame) -> None:
    questions = questions_of(ok)
    kept = foreseeable(questions, "neuron")
    # Only recurrent neurons tell what comes back.
    assert not kept[ok["neuron"] == "rleaky"].any()
    assert kept[ok["neuron"] != "rleaky"].mean() > 0.95
    alone: Questions = questions.take(np.flatnonzero(ok["neuron"] == "leaky"))
    assert not foreseeable(alone, "neuron").any()
    # Nothing tells of the first one's hidden layer, and of what is left nothing tells of the second one's convolution.
    architectures = ["8C3-MP2-16C3-MP2-FC64-FC100", "8C3-MP2-16C3-MP2-FC100", "FC100"]
    assert not foreseeable(Questions.of([TrainingChoices(architecture=a) for a in architectures]), "architecture").any()
    two = [TrainingChoices(architecture=a) for a in ("8C3-MP2-16C3-MP2-FC100", "4C3-MP2-16C3-MP2-FC100")]
    assert foreseeable(Questions.of(two), "architecture").all()


def test_the_shipped_model_is_least_sure_of_new_networks_and_neurons() -> None:
    model = Predictor.load()
    for name in ("latency_cycles", "energy_nj", "synaptic_operations"):
        found = model.parts.widths[name]
        assert min(found.unseen[choice] for choice in UNSEEN) > found.ignorance
    known, new = (model.predict({"architecture": a}) for a in ("16C3-MP2-FC100", "20C3-MP2-FC100"))
    assert known.in_domain
    assert not new.in_domain
    width = np.log(new.latency_cycles.high / new.latency_cycles.value)
    assert width >= model.parts.widths["latency_cycles"].unseen["architecture"] - 1e-9

"""How good a predictor is on measured rows that it never saw: beside baselines, network by network, on new hardware."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spikecast.accelerator.hardware import Hardware
from spikecast.accelerator.latency import time_trace
from spikecast.errors import InputError
from spikecast.evaluation.splits import usable_rows
from spikecast.predictor.features import column_indices
from spikecast.predictor.fit import (
    BASELINES,
    Judged,
    all_scores,
    coverage_by,
    judged,
    latency_by_operations,
    one_hardware,
    questions_of,
    scores_of,
    with_costs,
)
from spikecast.predictor.parts import Parts
from spikecast.predictor.predictor import Predictor
from spikecast.predictor.scores import outcome_scores, scores, seed_spread
from spikecast.predictor.targets import TARGETS
from spikecast.rows import choices_of, trace_of

#: What changes of the fitted hardware, by name.
ALLOCATIONS: dict[str, dict[str, Any]] = {
    "1 core a layer": {"cores": 1},
    "8 cores a layer": {"cores": 8},
    "balanced over 32 cores": {"cores": {"balanced": 32}},
    "balanced over 128 cores": {"cores": {"balanced": 128}},
    "4 cores a convolution, 16 a dense layer": {"cores": {"conv": 4, "fc": 16}},
}


def evaluate(predictor: Predictor, data: Path) -> dict[str, Any]:
    """A predictor on the ``test`` rows of a data folder.

    Returns:
        ``rows`` and how many were ``refused``; ``targets`` by name: scores, coverage and widths, ``points`` (every
        row), ``baselines`` fitted on the folder's ``train`` rows, and ``seed_spread`` over all its rows; ``coverage``
        by surrogate and neuron; ``networks``: scores of each data set and architecture; ``outcome``; ``hardware``:
        latency on allocations that were never measured.

    Raises:
        InputError: the folder holds no usable rows of one of the splits.
    """
    rows, traces = usable_rows(data)
    test = rows[rows["split"] == "test"].reset_index(drop=True)
    parts, hardware = predictor.parts, one_hardware(rows)
    tested = judged(parts, test, hardware)
    everything = _with_known_costs(predictor, rows[rows["status"] == "ok"], hardware)
    train = everything[everything["split"] == "train"]
    for split, there in (("test", tested.rows), ("train", train)):
        if there.empty:
            raise InputError(f"{data} holds no {split} rows that ended ok and that this model can be asked about")
    baselines = baseline_scores(parts, train, tested)
    targets = all_scores(tested)
    for name, target in TARGETS.items():
        targets[name] |= {
            "baselines": baselines[name],
            "seed_spread": seed_spread(everything, target),
            "points": _points(tested, name),
        }
    return {
        "rows": len(tested.rows),
        "refused": tested.refused,
        "targets": targets,
        "coverage": {choice: coverage_by(tested, choice) for choice in ("surrogate", "neuron")},
        "networks": by_network(tested, everything),
        "outcome": _outcome(predictor, test),
        "hardware": unseen_hardware(parts, hardware, tested.rows, traces),
    }


def _with_known_costs(predictor: Predictor, ok: pd.DataFrame, hardware: Hardware) -> pd.DataFrame:
    """The rows that the model can be asked about, with energy and operations."""
    questions = questions_of(ok)
    kept = predictor.known(questions)
    return with_costs(ok.iloc[kept].reset_index(drop=True), questions.take(kept), predictor.parts.references, hardware)


def baseline_scores(parts: Parts, train: pd.DataFrame, tested: Judged) -> dict[str, dict[str, dict[str, float]]]:
    """By target and baseline: scores on the judged rows of a model fitted on ``train`` (ok rows with costs).

    ``baseline_synaptic_operations`` is latency as a power of the operations that the predictor expects.
    """
    predictor = Predictor.unsaved(parts)
    x_train, x_asked = (predictor.features(questions_of(rows)) for rows in (train, tested.rows))
    found: dict[str, dict[str, dict[str, float]]] = {}
    for name, target in TARGETS.items():
        y = target.forward(train[name].to_numpy(dtype=np.float64))
        measured = tested.measured(name)
        found[name] = {}
        for label, baseline in BASELINES.items():
            columns = column_indices(baseline.columns)
            predicted = baseline.model.fit(x_train[:, columns], y).predict(x_asked[:, columns])
            found[name][label] = scores(target, measured, target.inverse(predicted))
    latency, operations = TARGETS["latency_cycles"], TARGETS["synaptic_operations"]
    by_operations = latency_by_operations(
        operations.forward(train[operations.name].to_numpy(dtype=np.float64)),
        latency.forward(train[latency.name].to_numpy(dtype=np.float64)),
        operations.forward(tested.answers.intervals[operations.name][:, 0]),
    )
    found[latency.name]["baseline_synaptic_operations"] = scores(
        latency, tested.measured(latency.name), latency.inverse(by_operations)
    )
    return found


def _points(tested: Judged, target: str) -> list[dict[str, Any]]:
    """Of every row: its key, what was measured, and what was predicted with its interval."""
    columns = (tested.rows["key"], tested.measured(target).tolist(), *tested.answers.intervals[target].T.tolist())
    names = ("key", "measured", "predicted", "low", "high")
    return [dict(zip(names, point, strict=True)) for point in zip(*columns, strict=True)]


def by_network(tested: Judged, everything: pd.DataFrame) -> list[dict[str, Any]]:
    """Scores of every pair of data set and architecture, the one with the most rows first.

    Args:
        tested: predictions beside what was measured.
        everything: measured rows that ended ok, of all splits, for the scatter between seeds.

    Returns:
        ``dataset``, ``architecture``, ``rows``, every target's scores as ``targets``, with ``seed_spread`` among them.
    """
    found = []
    for (dataset, architecture), rows in tested.rows.groupby(["dataset", "architecture"]):
        alike = everything[(everything["dataset"] == dataset) & (everything["architecture"] == architecture)]
        targets = all_scores(tested.among(tested.rows.index.isin(rows.index)))
        for name, target in TARGETS.items():
            targets[name]["seed_spread"] = seed_spread(alike, target)
        found.append({"dataset": dataset, "architecture": architecture, "rows": len(rows), "targets": targets})
    return sorted(found, key=lambda network: (-network["rows"], network["dataset"], network["architecture"]))


def _outcome(predictor: Predictor, test: pd.DataFrame) -> dict[str, float]:
    questions = questions_of(test)
    kept = predictor.known(questions)
    answers = predictor.answer(questions.take(kept), predictor.parts.hardware)
    ended = test["status"].to_numpy(dtype=str)[kept]
    # An outcome that was never fitted has no probability: such rows count as missed.
    truth = (ended[:, np.newaxis] == np.array(answers.statuses)).astype(np.float64)
    return {"rows": len(kept), **outcome_scores(truth, answers.outcomes)}


def unseen_hardware(
    parts: Parts, hardware: Hardware, rows: pd.DataFrame, traces: pd.DataFrame
) -> dict[str, dict[str, Any]]:
    """By allocation: the latency's scores, measured cycles being those of the measured traces; without those that
    cannot run one of the networks, and empty for a pipeline, which has no cores to allocate."""
    if hardware.mode == "pipeline":
        return {}
    ok = rows[rows["status"] == "ok"].reset_index(drop=True)
    of_rows = [trace_of(traces, choices_of(row)) for row in ok.to_dict("records")]
    found = {}
    for name, change in ALLOCATIONS.items():
        named = {"name": name, "provenance": {**hardware.provenance, "cores": name}}
        changed = Hardware.model_validate(hardware.model_dump() | change | named)
        try:
            cycles = np.array([time_trace(trace, changed).cycles.mean() for trace in of_rows])
        except InputError:
            continue
        tested = judged(parts, ok.assign(latency_cycles=cycles), changed)
        found[name] = scores_of(tested, TARGETS["latency_cycles"])
    return found

"""Everything that can be said of a predictor by measured rows.

How good a predictor is on each data set and network by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spikecast.accelerator.hardware import Hardware
from spikecast.errors import InputError
from spikecast.evaluation.baselines import baseline_scores
from spikecast.evaluation.curves import Fit, few_shot, learning_curve, suggested_curve
from spikecast.evaluation.splits import HARD_SPLITS, HardSplit, by_key, hard_splits
from spikecast.evaluation.unseen_hardware import unseen_hardware
from spikecast.predictor.fit._fit import one_hardware
from spikecast.predictor.fit.judge import Judged, all_scores, coverage_by, judged
from spikecast.predictor.fit.outcome import outcome_scores
from spikecast.predictor.fit.parts import fit_parts
from spikecast.predictor.fit.regressors import competing_as
from spikecast.predictor.fit.rows import questions_of, with_costs
from spikecast.predictor.parts import Parts
from spikecast.predictor.predictor import Predictor
from spikecast.predictor.scores import seed_spread
from spikecast.predictor.targets import TARGETS
from spikecast.rows import read_rows, read_traces

LEARNING, FEW_SHOT, SUGGESTED = "learning", "few-shot", "suggested"
#: What ``evaluate_split`` can do.
SPLITS = (*HARD_SPLITS, LEARNING, FEW_SHOT, SUGGESTED)


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
    one = judged(parts, test, hardware)
    everything = _with_known_costs(predictor, rows[rows["status"] == "ok"], hardware)
    train = everything[everything["split"] == "train"]
    for split, there in (("test", one.rows), ("train", train)):
        if there.empty:
            raise InputError(f"{data} holds no {split} rows that ended ok and that this model can be asked about")
    baselines = baseline_scores(parts, train, one)
    targets = all_scores(one)
    for name, target in TARGETS.items():
        targets[name] |= {
            "baselines": baselines[name],
            "seed_spread": seed_spread(everything, target),
            "points": _points(one, name),
        }
    return {
        "rows": len(one.rows),
        "refused": one.refused,
        "targets": targets,
        "coverage": {choice: coverage_by(one, choice) for choice in ("surrogate", "neuron")},
        "networks": by_network(one, everything),
        "outcome": _outcome(predictor, test),
        "hardware": unseen_hardware(parts, hardware, one.rows, traces),
    }


def _with_known_costs(predictor: Predictor, ok: pd.DataFrame, hardware: Hardware) -> pd.DataFrame:
    """The rows that the model can be asked about, with energy and operations."""
    questions = questions_of(ok)
    kept = predictor.known(questions)
    return with_costs(ok.iloc[kept].reset_index(drop=True), questions.take(kept), predictor.parts.references, hardware)


def evaluate_split(predictor: Predictor, data: Path, split: str, jobs: int = 1) -> Iterator[dict[str, Any]]:
    """Predictors fitted on a part of the rows, on others: what was ``left_out``, row counts, every target's scores; of
    ``suggested``, those of two predictors, see ``suggested_curve``.

    Args:
        predictor: the one that they are like: every target is answered by the kind of model that answers here.
        data: the data folder.
        split: one of ``SPLITS``.
        jobs: processes.

    Raises:
        InputError: the split is not known, or the data cannot be split so.
    """
    if split not in SPLITS:
        raise InputError(f"split {split!r} is not known: allowed: {', '.join(SPLITS)}")
    rows, traces = usable_rows(data)
    train, test = (rows[rows["split"] == name] for name in ("train", "test"))
    if split in (LEARNING, SUGGESTED) and not (test["status"] == "ok").any():
        raise InputError(f"{data} holds no test rows that ended ok, which split {split} asks about: characterize more")
    hardware = one_hardware(rows)
    competing = competing_as({name: target["model"] for name, target in predictor.manifest["targets"].items()})

    def fitted(chosen: pd.DataFrame) -> Parts:
        return fit_parts(by_key(chosen), traces, hardware, jobs, competing=competing)[0]

    if split == LEARNING:
        return learning_curve(fitted, train, test)
    if split == SUGGESTED:
        return suggested_curve(fitted, train, test)
    if split == FEW_SHOT:
        return _few_shots(fitted, rows)
    return _hard(fitted, rows, hard_splits(rows, split))


def _hard(fitted: Fit, rows: pd.DataFrame, splits: Iterator[HardSplit]) -> Iterator[dict[str, Any]]:
    for part in splits:
        one = judged(fitted(rows[part.fitted]), rows[part.asked])
        yield {
            "left_out": part.name,
            "fitted_rows": int(part.fitted.sum()),
            "refused": one.refused,
            "targets": all_scores(one),
        }


def _few_shots(fitted: Fit, rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    kinds = [choice for choice in ("dataset", "architecture") if rows[choice].nunique() > 1]
    if not kinds:
        raise InputError("split few-shot needs rows of several datasets or architectures: the data hold one of each")
    for choice in kinds:
        for part in hard_splits(rows, f"leave-{choice}-out"):
            for found in few_shot(fitted, rows, part.asked):
                yield {"left_out": part.name} | found


def usable_rows(data: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows by key, but for failed ones, and their traces."""
    rows = read_rows(data).sort_values("key", ignore_index=True)
    return rows[rows["status"] != "failed"].reset_index(drop=True), read_traces(data)


def _points(one: Judged, target: str) -> list[dict[str, Any]]:
    """Of every row: its key, what was measured, and what was predicted with its interval."""
    columns = (one.rows["key"], one.measured(target).tolist(), *one.answers.intervals[target].T.tolist())
    names = ("key", "measured", "predicted", "low", "high")
    return [dict(zip(names, point, strict=True)) for point in zip(*columns, strict=True)]


def _outcome(predictor: Predictor, test: pd.DataFrame) -> dict[str, float]:
    questions = questions_of(test)
    kept = predictor.known(questions)
    answers = predictor.answer(questions.take(kept), predictor.parts.hardware)
    ended = test["status"].to_numpy(dtype=str)[kept]
    # An outcome that was never fitted has no probability: such rows count as missed.
    truth = (ended[:, np.newaxis] == np.array(answers.statuses)).astype(np.float64)
    return {"rows": len(kept), **outcome_scores(truth, answers.outcomes)}


_NETWORK = ["dataset", "architecture"]


def by_network(one: Judged, everything: pd.DataFrame) -> list[dict[str, Any]]:
    """Scores of every pair of data set and architecture, the one with the most rows first.

    Args:
        one: predictions beside what was measured.
        everything: measured rows that ended ok, of all splits, for the seed-to-seed spread.

    Returns:
        ``dataset``, ``architecture``, ``rows``, every target's scores as ``targets``, with ``seed_spread`` among them.
    """
    found = []
    for (dataset, architecture), rows in one.rows.groupby(_NETWORK):
        alike = everything[(everything["dataset"] == dataset) & (everything["architecture"] == architecture)]
        targets = all_scores(one.among(one.rows.index.isin(rows.index)))
        for name, target in TARGETS.items():
            targets[name]["seed_spread"] = seed_spread(alike, target)
        found.append({"dataset": dataset, "architecture": architecture, "rows": len(rows), "targets": targets})
    return sorted(found, key=lambda network: (-network["rows"], network["dataset"], network["architecture"]))

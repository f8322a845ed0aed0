"""Fit all parts of a predictor, and say how good each is on rows that were held out.

What all folds share saw those rows too: kernels, which are a few numbers, and the traces whose shape is borrowed. The
``test`` rows are in none of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.accelerator.hardware import Hardware
from spikecast.errors import InputError
from spikecast.predictor.features import feature_matrix
from spikecast.predictor.fit.held_out import FOLDS, out_of_fold
from spikecast.predictor.fit.layers import fit_activity, learnable, measured_firing, with_returning
from spikecast.predictor.fit.outcome import fit_outcome
from spikecast.predictor.fit.regressors import (
    COMPETING,
    Candidate,
    FittedBlackBox,
    fit_black_box,
    latency_by_operations,
)
from spikecast.predictor.fit.rows import questions_of, with_costs
from spikecast.predictor.fit.unseen import unseen_widths
from spikecast.predictor.intervals import Spread, half_width
from spikecast.predictor.measured import Measured
from spikecast.predictor.parts import ELSEWHERE, Parts
from spikecast.predictor.questions import Questions
from spikecast.predictor.scores import headline, scores, seed_spread
from spikecast.predictor.spikes.activity import LayerLogits, layer_tables
from spikecast.predictor.spikes.costs import GreyAnswers, grey_answers
from spikecast.predictor.spikes.traces import ReferenceTraces
from spikecast.predictor.targets import LAYER_SPARSITY, TARGETS, Target

GREY_BOX = "grey_box"
#: A regressor replaces what follows from the spikes only where it is better by more than this share: with it, the
#: layers' cycles no longer add up to the total, and other hardware is answered by another model.
_NEARLY = 0.02


@dataclass(frozen=True)
class Contest:
    """One target's models, cross-validated.

    Attributes:
        model: name of the one that is shipped.
        values, deviations: float64[rows], its out-of-fold answers on the learning scale.
        entry: scores of all models and baselines, as manifests hold them.
    """

    model: str
    values: Array
    deviations: Array
    entry: dict[str, Any]


def silently(_stage: str) -> None:
    """Tell nobody how far a fit is."""


def fit_parts(
    rows: pd.DataFrame,
    traces: pd.DataFrame,
    hardware: Hardware,
    jobs: int = 1,
    tell: Callable[[str], None] = silently,
    competing: Mapping[str, Mapping[str, Candidate]] = COMPETING,
) -> tuple[Parts, dict[str, Any]]:
    """Fit on measured rows.

    Args:
        rows: rows of any status but ``failed``, in an order of their own (the key's).
        traces: their traces.
        hardware: what timed them.
        jobs: processes.
        tell: is told each stage as it begins.
        competing: by target, regressors to compare with the grey box, one at least.

    Returns:
        The parts, and their cross-validation: ``outcome``, ``targets`` by name, and ``layer_sparsity``.

    Raises:
        InputError: a network that ended ok has no trace, or there are too few to learn from.
    """
    _require_traces(rows, traces)
    questions = questions_of(rows)
    references = ReferenceTraces.of(rows, traces, questions)
    groups = rows["config_key"].to_numpy(dtype=str)
    known = references.knows_input(questions) & learnable(questions, (rows["status"] == "ok").to_numpy(), groups)
    rows, questions = rows[known].reset_index(drop=True), questions.take(known)
    ok = np.flatnonzero(rows["status"] == "ok")
    if rows["config_key"].iloc[ok].nunique() < FOLDS:
        raise InputError(
            f"{len(ok)} of {len(known)} rows ended ok and tell of their kind of network, too few to learn from: "
            "characterize more"
        )
    measured = with_returning(rows.iloc[ok].reset_index(drop=True), traces)
    asked = questions.take(ok)
    x = feature_matrix(questions, references.input_rates(questions))
    groups = measured["config_key"].to_numpy(dtype=str)
    tell("fitting layers")
    activity, logits = fit_activity(measured, asked, x[ok], groups, jobs)
    measured = with_costs(measured, asked, references, hardware)
    tell("fitting regressors")
    black = dict(
        zip(
            competing,
            Parallel(n_jobs=jobs)(
                delayed(fit_black_box)(TARGETS[name], x[ok], measured[name].to_numpy(np.float64), groups, regressors)
                for name, regressors in competing.items()
            ),
            strict=True,
        )
    )
    grey = grey_answers(asked, logits, references, hardware)
    contests = {name: _contest(TARGETS[name], measured, groups, grey, black.get(name)) for name in TARGETS}
    tell("leaving out kinds")
    unseen = unseen_widths(measured, asked, x[ok], references, hardware, jobs)
    y = {name: TARGETS[name].forward(measured[name].to_numpy(np.float64)) for name in TARGETS}
    spreads = {
        name: _spread(y[name], contest.values, contest.deviations, asked, groups, unseen.get(name, {}))
        for name, contest in contests.items()
    }
    latency = "latency_cycles"
    if contests[latency].model != GREY_BOX:
        spreads[ELSEWHERE] = _spread(
            y[latency], grey.values[latency], grey.deviations[latency], asked, groups, unseen.get(latency, {})
        )
    tell("fitting outcomes")
    outcome, outcome_entry = fit_outcome(x, rows)
    spreads[LAYER_SPARSITY.name], layer_entry = _layers(
        measured, asked, x[ok], logits, groups, unseen.get(LAYER_SPARSITY.name, {})
    )
    parts = Parts(
        references=references,
        activity=activity,
        black_boxes={name: black[name].model for name, contest in contests.items() if contest.model != GREY_BOX},
        spreads=spreads,
        outcome=outcome,
        measured=Measured.of(rows, x),
        hardware=hardware,
    )
    targets = {name: contest.entry for name, contest in contests.items()} | {LAYER_SPARSITY.name: layer_entry}
    return parts, {"outcome": outcome_entry, "targets": targets}


def _require_traces(rows: pd.DataFrame, traces: pd.DataFrame) -> None:
    ok = rows.loc[rows["status"] == "ok", "key"]
    without = ok[~ok.isin(traces["key"])]
    if len(without):
        raise InputError(
            f"{len(without)} networks that ended ok have no trace, first {without.iloc[0]}: characterize anew"
        )


def _contest(
    target: Target, rows: pd.DataFrame, groups: NDArray[np.str_], grey: GreyAnswers, black: FittedBlackBox | None
) -> Contest:
    measured = rows[target.name].to_numpy(dtype=np.float64)
    held_out = dict(black.held_out) if black else {}
    if target.name in grey.values:
        held_out[GREY_BOX] = grey.values[target.name]
    if target.name == "latency_cycles":
        held_out["baseline_synaptic_operations"] = _by_operations(rows, grey, target.forward(measured), groups)
    compared = {name: scores(target, measured, target.inverse(values)) for name, values in held_out.items()}
    models = {name: one for name, one in compared.items() if not name.startswith("baseline")}
    best = _best({name: one[headline(target)] for name, one in models.items()})
    deviations = grey.deviations[target.name] if best == GREY_BOX or black is None else black.deviations
    entry = {
        "scale": target.scale,
        "model": best,
        "cross_validation": {
            "models": models,
            "baselines": {name: one for name, one in compared.items() if name.startswith("baseline")},
            "seed_spread": seed_spread(rows, target),
        },
    }
    return Contest(best, held_out[best], deviations, entry)


def _best(errors: Mapping[str, float]) -> str:
    """The model with the least error, the grey box if it is nearly as good."""
    best = min(errors, key=lambda name: errors[name])
    grey = errors.get(GREY_BOX, math.inf)
    return GREY_BOX if grey <= errors[best] * (1.0 + _NEARLY) else best


def _by_operations(rows: pd.DataFrame, grey: GreyAnswers, y: Array, groups: NDArray[np.str_]) -> Array:
    """``latency_by_operations``, out of fold."""
    name = "synaptic_operations"
    measured = TARGETS[name].forward(rows[name].to_numpy(dtype=np.float64))
    return out_of_fold(
        lambda x_fit, y_fit, asked: latency_by_operations(x_fit[:, 0], y_fit, asked[:, 1]),
        np.column_stack([measured, grey.values[name]]),
        y,
        groups,
    )


def _spread(
    y: Array,
    values: Array,
    deviations: Array,
    questions: Questions,
    groups: NDArray[np.str_],
    unseen: Mapping[str, float],
) -> Spread:
    ignorance = _ignorance(y, questions.structure_of, groups)
    return Spread.fit((y - values) / deviations, questions.columns, ignorance, unseen)


def _ignorance(y: Array, structure_of: NDArray[np.int64], groups: NDArray[np.str_]) -> float:
    """Half width of an interval around the mean of all other configurations' rows of the same structure; around the
    mean of everything where no structure has two."""
    table = pd.DataFrame({"y": y, "structure": structure_of, "group": groups})
    alike, own = table.groupby("structure")["y"], table.groupby(["structure", "group"])["y"]
    count = (alike.transform("size") - own.transform("size")).to_numpy()
    others = (alike.transform("sum") - own.transform("sum")).to_numpy() / np.maximum(count, 1)
    known = count > 0
    return half_width((y - others)[known] if known.any() else y - y.mean())


def _layers(
    rows: pd.DataFrame,
    questions: Questions,
    x: Array,
    logits: LayerLogits,
    groups: NDArray[np.str_],
    unseen: Mapping[str, float],
) -> tuple[Spread, dict[str, Any]]:
    tables = layer_tables(questions, x).values()
    at = [(table.question, table.index) for table in tables]
    measured = np.concatenate([measured_firing(rows, questions, table) for table in tables])
    expected = np.concatenate([logits.firing[where] for where in at])
    deviations = np.concatenate([logits.error[where] for where in at])
    layers = np.concatenate([np.column_stack([questions.structure_of[t.question], t.index]) for t in tables])
    layer = np.unique(layers, axis=0, return_inverse=True)[1]
    sparsity = [LAYER_SPARSITY.inverse(-firing) for firing in (measured, expected)]
    entry = {
        "scale": LAYER_SPARSITY.scale,
        "model": GREY_BOX,
        "cross_validation": {
            "models": {GREY_BOX: scores(LAYER_SPARSITY, *sparsity)},
            "baselines": {},
            "seed_spread": {},
        },
    }
    asked = np.concatenate([table.question for table in tables])
    columns = {name: column[asked] for name, column in questions.columns.items()}
    ignorance = _ignorance(measured, layer, groups[asked])
    return Spread.fit((measured - expected) / deviations, columns, ignorance, unseen), entry

"""Fit all parts of a predictor, and say how good each is on rows that were held out.

What all folds share saw those rows too: kernels, which are a few numbers, and the traces whose shape is borrowed. The
``test`` rows are in none of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.accelerator.hardware import Hardware
from spikecast.predictor.fit.held_out import out_of_fold
from spikecast.predictor.fit.layers import fit_activity, measured_firing
from spikecast.predictor.fit.learned_rows import Learnable, LearnedRows, measured_configurations, with_costs
from spikecast.predictor.fit.regressors import (
    COMPETING,
    Candidate,
    FittedBlackBox,
    fit_black_box,
    fit_outcome,
    latency_by_operations,
)
from spikecast.predictor.fit.unseen import unseen_widths
from spikecast.predictor.intervals import Widths, half_width
from spikecast.predictor.parts import OTHER_HARDWARE, Parts
from spikecast.predictor.scores import headline, scores, seed_spread
from spikecast.predictor.spikes.activity import LayerLogits, layer_tables
from spikecast.predictor.spikes.costs import SpikeAnswers, spike_answers
from spikecast.predictor.targets import LAYER_SPARSITY, TARGETS, Target

#: What manifests call the model that answers what follows from predicted spikes.
FROM_SPIKES = "grey_box"
#: A regressor replaces what follows from the spikes only where it is better by more than this share: with it, the
#: layers' cycles no longer add up to the total, and other hardware is answered by another model.
_NEARLY = 0.02


def no_progress(_stage: str) -> None:
    """Leave unsaid how far a fit is."""


def fit_parts(
    learnable: Learnable,
    hardware: Hardware,
    jobs: int = 1,
    progress: Callable[[str], None] = no_progress,
    competing: Mapping[str, Mapping[str, Candidate]] = COMPETING,
) -> tuple[Parts, dict[str, Any]]:
    """Fit on measured rows: layers, then regressors that compete with them, then widths of intervals, then outcomes.

    Args:
        learnable: the rows.
        hardware: what timed them.
        jobs: processes.
        progress: is called with the name of each stage as it begins.
        competing: by target, regressors to compare with what follows from the spikes, one at least.

    Returns:
        The parts, and their cross-validation: ``outcome``, and ``targets`` by name, ``layer_sparsity`` among them.
    """
    ok, references = learnable.ok, learnable.references
    progress("fitting layers")
    activity, logits = fit_activity(ok, jobs)
    ok = replace(ok, rows=with_costs(ok.rows, ok.questions, references, hardware))
    progress("fitting regressors")
    black_boxes = _fit_black_boxes(ok, competing, jobs)
    by_spikes = spike_answers(ok.questions, logits, references, hardware)
    contests = {name: _contest(target, ok, by_spikes, black_boxes.get(name)) for name, target in TARGETS.items()}
    progress("leaving out kinds")
    unseen = unseen_widths(ok, references, hardware, jobs)
    layer_sparsity = _PooledLayers.of(ok, logits)
    widths = _widths(ok, contests, by_spikes, unseen)
    widths[LAYER_SPARSITY.name] = layer_sparsity.widths(unseen.get(LAYER_SPARSITY.name, {}))
    progress("fitting outcomes")
    outcome, outcome_entry = fit_outcome(learnable.rows)
    parts = Parts(
        references=references,
        activity=activity,
        black_boxes={
            name: black_boxes[name].model for name, contest in contests.items() if contest.model != FROM_SPIKES
        },
        widths=widths,
        outcome=outcome,
        measured=measured_configurations(learnable.rows),
        hardware=hardware,
    )
    targets = {name: contest.entry for name, contest in contests.items()}
    return parts, {"outcome": outcome_entry, "targets": targets | {LAYER_SPARSITY.name: layer_sparsity.entry}}


def _fit_black_boxes(
    ok: LearnedRows, competing: Mapping[str, Mapping[str, Candidate]], jobs: int
) -> dict[str, FittedBlackBox]:
    """By target, the best of the regressors that compete for it."""
    fitted = Parallel(n_jobs=jobs)(
        delayed(fit_black_box)(TARGETS[name], ok.x, ok.measured(TARGETS[name]), ok.groups, regressors)
        for name, regressors in competing.items()
    )
    return dict(zip(competing, fitted, strict=True))


@dataclass(frozen=True)
class _Contest:
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


def _contest(target: Target, ok: LearnedRows, by_spikes: SpikeAnswers, black_box: FittedBlackBox | None) -> _Contest:
    """Compare a target's regressors, if any compete for it, with what follows from the spikes, if it does."""
    held_out = dict(black_box.held_out) if black_box else {}
    if target.name in by_spikes.values:
        held_out[FROM_SPIKES] = by_spikes.values[target.name]
    if target.name == "latency_cycles":
        held_out["baseline_synaptic_operations"] = _by_operations(ok, by_spikes)
    measured = ok.measured(target)
    compared = {name: scores(target, measured, target.inverse(values)) for name, values in held_out.items()}
    baselines = {name: found for name, found in compared.items() if name.startswith("baseline")}
    models = {name: found for name, found in compared.items() if name not in baselines}
    best = _best({name: found[headline(target)] for name, found in models.items()})
    deviations = by_spikes.deviations[target.name] if best == FROM_SPIKES or not black_box else black_box.deviations
    entry = {
        "scale": target.scale,
        "model": best,
        "cross_validation": {
            "models": models,
            "baselines": baselines,
            "seed_spread": seed_spread(ok.rows, target),
        },
    }
    return _Contest(best, held_out[best], deviations, entry)


def _best(errors: Mapping[str, float]) -> str:
    """The model with the least error; what follows from the spikes if it is nearly as good."""
    best = min(errors, key=lambda name: errors[name])
    of_spikes = errors.get(FROM_SPIKES, math.inf)
    return FROM_SPIKES if of_spikes <= errors[best] * (1.0 + _NEARLY) else best


def _by_operations(ok: LearnedRows, by_spikes: SpikeAnswers) -> Array:
    """``latency_by_operations``, out of fold."""
    latency, operations = TARGETS["latency_cycles"], TARGETS["synaptic_operations"]
    return out_of_fold(
        lambda x_fit, y_fit, asked: latency_by_operations(x_fit[:, 0], y_fit, asked[:, 1]),
        np.column_stack([ok.learned(operations), by_spikes.values[operations.name]]),
        ok.learned(latency),
        ok.groups,
    )


def _widths(
    ok: LearnedRows,
    contests: Mapping[str, _Contest],
    by_spikes: SpikeAnswers,
    unseen: Mapping[str, Mapping[str, float]],
) -> dict[str, Widths]:
    """Of every target's intervals; of latency also OTHER_HARDWARE, where a regressor answers on the fitted hardware."""

    def widths(name: str, values: Array, deviations: Array) -> Widths:
        y = ok.learned(TARGETS[name])
        ignorance = _ignorance(y, ok.questions.structure_of, ok.groups)
        return Widths.fit((y - values) / deviations, ok.questions.columns, ignorance, unseen.get(name, {}))

    found = {name: widths(name, contest.values, contest.deviations) for name, contest in contests.items()}
    latency = "latency_cycles"
    if contests[latency].model != FROM_SPIKES:
        found[OTHER_HARDWARE] = widths(latency, by_spikes.values[latency], by_spikes.deviations[latency])
    return found


def _ignorance(y: Array, structure_of: NDArray[np.int64], groups: NDArray[np.str_]) -> float:
    """Half width of an interval around the mean of all other configurations' rows of the same structure; around the
    mean of everything where no structure has two."""
    table = pd.DataFrame({"y": y, "structure": structure_of, "group": groups})
    alike, own = table.groupby("structure")["y"], table.groupby(["structure", "group"])["y"]
    count = (alike.transform("size") - own.transform("size")).to_numpy()
    others = (alike.transform("sum") - own.transform("sum")).to_numpy() / np.maximum(count, 1)
    known = count > 0
    return half_width((y - others)[known] if known.any() else y - y.mean())


@dataclass(frozen=True)
class _PooledLayers:
    """All layers of all rows in one line, for the intervals of ``layer_sparsity``; row i of everything is one layer.

    Attributes:
        measured, expected, deviations: float64[layers], firing on the learning scale, measured and out of fold.
        columns: the choices of each layer's network.
        layer: int64[layers]: the same number for the same layer of the same structure.
        groups: str[layers], configurations.
    """

    measured: Array
    expected: Array
    deviations: Array
    columns: Mapping[str, NDArray[Any]]
    layer: NDArray[np.int64]
    groups: NDArray[np.str_]

    @classmethod
    def of(cls, ok: LearnedRows, logits: LayerLogits) -> _PooledLayers:
        tables = layer_tables(ok.questions, ok.x).values()
        asked, index = (np.concatenate([getattr(table, name) for table in tables]) for name in ("question", "index"))
        return cls(
            measured=np.concatenate([measured_firing(ok, table) for table in tables]),
            expected=logits.firing[asked, index],
            deviations=logits.error[asked, index],
            columns={name: column[asked] for name, column in ok.questions.columns.items()},
            layer=np.unique(np.column_stack([ok.questions.structure_of[asked], index]), axis=0, return_inverse=True)[1],
            groups=ok.groups[asked],
        )

    def widths(self, unseen: Mapping[str, float]) -> Widths:
        ignorance = _ignorance(self.measured, self.layer, self.groups)
        return Widths.fit((self.measured - self.expected) / self.deviations, self.columns, ignorance, unseen)

    @property
    def entry(self) -> dict[str, Any]:
        """Its scores, as manifests hold them."""
        sparsity = [LAYER_SPARSITY.inverse(-firing) for firing in (self.measured, self.expected)]
        return {
            "scale": LAYER_SPARSITY.scale,
            "model": FROM_SPIKES,
            "cross_validation": {
                "models": {FROM_SPIKES: scores(LAYER_SPARSITY, *sparsity)},
                "baselines": {},
                "seed_spread": {},
            },
        }

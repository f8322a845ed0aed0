"""Measured rows as a fit takes them: the questions that they answer, their features, their energy and operations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.accelerator.hardware import Hardware
from spikecast.choices import CHOICES
from spikecast.errors import InputError
from spikecast.neurons import RECURRENT
from spikecast.predictor.features import feature_matrix
from spikecast.predictor.fit.held_out import FOLDS
from spikecast.predictor.measured import MEANS, Measured, far_from_all
from spikecast.predictor.models import standard_scale
from spikecast.predictor.questions import Questions, Structure
from spikecast.predictor.spikes.activity import ROLES, role_of
from spikecast.predictor.spikes.costs import costs
from spikecast.predictor.spikes.references import ReferenceTraces
from spikecast.predictor.targets import Target
from spikecast.rows import choices_of, seed_means

#: Configurations that a kind of layer must have: with one alone, nothing is left to predict it from.
_FEWEST = 2


@dataclass(frozen=True)
class LearnedRows:
    """Measured rows that a predictor learns from; row i of everything is of the same network.

    Attributes:
        rows: as measured, in an order of their own (the key's).
        questions: their choices.
        x: float64[rows, features], their ``feature_matrix``.
    """

    rows: pd.DataFrame
    questions: Questions
    x: Array

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def groups(self) -> NDArray[np.str_]:
        """str[rows]: the configuration of each, whose seeds are held out together."""
        return self.rows["config_key"].to_numpy(dtype=str)

    def take(self, kept: NDArray[Any]) -> Self:
        """Some of the rows: positions or a mask."""
        rows = self.rows.iloc[np.arange(len(self))[kept]].reset_index(drop=True)
        return replace(self, rows=rows, questions=self.questions.take(kept), x=self.x[kept])

    def measured(self, target: Target) -> Array:
        """float64[rows], in the target's unit."""
        return self.rows[target.name].to_numpy(dtype=np.float64)

    def learned(self, target: Target) -> Array:
        """float64[rows], on the target's learning scale."""
        return target.forward(self.measured(target))


@dataclass(frozen=True)
class Learnable:
    """What a fit can learn from.

    Attributes:
        rows: rows of any status, of networks about whose kind there is enough to learn.
        ok: those of them that ended ok, with columns ``returning_<layer>``, see ``with_returning``.
        references: measured traces, and what enters the networks.
    """

    rows: LearnedRows
    ok: LearnedRows
    references: ReferenceTraces

    @classmethod
    def of(cls, rows: pd.DataFrame, traces: pd.DataFrame) -> Self:
        """Choose from measured rows.

        Args:
            rows: rows of any status but ``failed``, in an order of their own (the key's).
            traces: their traces.

        Raises:
            InputError: a network that ended ok has no trace, or there are too few to learn from.
        """
        _require_traces(rows, traces)
        questions = questions_of(rows)
        references = ReferenceTraces.of(rows, traces, questions)
        ended_ok = (rows["status"] == "ok").to_numpy()
        known = references.knows_input(questions) & learnable(
            questions, ended_ok, rows["config_key"].to_numpy(dtype=str)
        )
        rows, questions = rows[known].reset_index(drop=True), questions.take(known)
        everything = LearnedRows(rows, questions, feature_matrix(questions, references.input_rates(questions)))
        ok = everything.take(np.flatnonzero(rows["status"] == "ok"))
        if len(np.unique(ok.groups)) < FOLDS:
            raise InputError(
                f"{len(ok)} of {len(known)} rows ended ok and tell of their kind of network, too few to learn from: "
                "characterize more"
            )
        return cls(everything, replace(ok, rows=with_returning(ok.rows, traces)), references)


def questions_of(rows: pd.DataFrame) -> Questions:
    """The choices of measured rows."""
    return Questions.of([choices_of(row) for row in rows.to_dict("records")])


def _require_traces(rows: pd.DataFrame, traces: pd.DataFrame) -> None:
    ok = rows.loc[rows["status"] == "ok", "key"]
    without = ok[~ok.isin(traces["key"])]
    if len(without):
        raise InputError(
            f"{len(without)} networks that ended ok have no trace, first {without.iloc[0]}: characterize anew"
        )


def learnable(questions: Questions, ok: NDArray[np.bool_], groups: NDArray[np.str_]) -> NDArray[np.bool_]:
    """bool[rows]: rows of networks all of whose layers are of kinds that several configurations have.

    Args:
        questions: choices of the rows.
        ok: bool[rows], which ended ok: layers are learned from those.
        groups: their configurations.
    """
    roles = np.zeros((len(questions.structures), len(ROLES)), dtype=bool)
    for number, structure in enumerate(questions.structures):
        roles[number, [ROLES.index(role_of(structure, index)) for index in range(len(structure.layers))]] = True
    of_rows = roles[questions.structure_of]
    kept = np.ones(len(questions), dtype=bool)
    while True:
        configurations = [len(np.unique(groups[kept & ok & of_rows[:, role]])) for role in range(len(ROLES))]
        rare = np.array(configurations) < _FEWEST
        fewer = kept & ~(of_rows & rare).any(axis=1)
        if (fewer == kept).all():
            return kept
        kept = fewer


def with_returning(rows: pd.DataFrame, traces: pd.DataFrame) -> pd.DataFrame:
    """Rows with columns ``returning_<layer>``: spikes a sample of recurrent layers that come back to them.

    They are counted with what enters from below, in the channels behind; their share is that of the traced samples.
    """
    keys = rows["key"].to_numpy()
    recurrent = {keys[n]: n for n in np.flatnonzero(rows["neuron"].isin(RECURRENT))}
    columns: dict[str, Array] = {}
    for layer in traces[traces["key"].isin(recurrent.keys())].to_dict("records"):
        row = rows.iloc[recurrent[layer["key"]]]
        shape = choices_of(row.to_dict()).layers[layer["layer_index"]]
        counts = np.asarray(layer["counts"]).reshape(-1, layer["channels"]).sum(axis=0)
        share = counts[shape.in_channels :].sum() / max(counts.sum(), 1)
        column = columns.setdefault(f"returning_{shape.name}", np.full(len(rows), np.nan))
        column[recurrent[layer["key"]]] = share * row[f"spikes_in_{shape.name}"]
    return rows.assign(**columns)


def measured_configurations(learned: LearnedRows) -> Measured:
    """The configurations of rows of any status, the seeds of each gathered."""
    rows = learned.rows
    first = np.unique(learned.groups, return_index=True)[1]
    counts = rows.groupby("config_key", sort=True)["status"].value_counts().unstack(fill_value=0)
    scale = standard_scale(learned.x)
    points = learned.x[first] * scale
    return Measured(
        questions=Questions.from_columns({name: rows[name].to_numpy()[first] for name in CHOICES}),
        statuses=tuple(counts.columns),
        outcomes=counts.to_numpy(dtype=np.int64),
        means=seed_means(rows, MEANS).to_numpy(dtype=np.float64),
        scale=scale,
        points=points,
        far=far_from_all(points),
    )


def with_costs(
    rows: pd.DataFrame, questions: Questions, references: ReferenceTraces, hardware: Hardware
) -> pd.DataFrame:
    """Rows, timed on ``hardware``, with the ``energy_nj`` and ``synaptic_operations`` of their measured spikes."""
    static_mw = 0.0 if hardware.energy is None else hardware.energy.static_mw
    energy, operations = np.empty(len(rows)), np.empty(len(rows))
    for structure, positions in questions.by_structure():
        cost = costs(
            structure,
            _measured_entering(rows, structure, positions),
            questions.columns["weight_bits"][positions],
            references,
            hardware,
        )
        operations[positions] = cost.synaptic_operations
        # Static power is drawn for the cycles that were measured, not for those of a borrowed trace.
        beyond = rows["latency_cycles"].to_numpy(dtype=np.float64)[positions] - cost.cycles
        energy[positions] = cost.energy_nj + static_mw * hardware.microseconds(beyond)
    return rows.assign(energy_nj=energy, synaptic_operations=operations)


def _measured_entering(rows: pd.DataFrame, structure: Structure, positions: NDArray[np.int64]) -> Array:
    """float64[positions, layers]: spikes a sample that enter each layer."""
    return np.stack(
        [rows[f"spikes_in_{shape.name}"].to_numpy(dtype=np.float64)[positions] for shape in structure.layers], axis=1
    )

"""Fit the activity model on what was measured of every layer, and say what it expects of networks that it never saw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.predictor.fit.held_out import fit_error, held_out_error, log_errors, one_thread, out_of_fold
from spikecast.predictor.fit.learned_rows import LearnedRows
from spikecast.predictor.models import GaussianProcess
from spikecast.predictor.models.gaussian_process import Kernel
from spikecast.predictor.questions import Questions, Structure
from spikecast.predictor.spikes.activity import (
    ActivityModel,
    LayerLogits,
    LayerTable,
    RoleModel,
    inputs_of,
    layer_tables,
)
from spikecast.predictor.targets import LAYER_SPARSITY


@dataclass(frozen=True)
class FittedRole:
    """A role's model, and what models that never saw a layer's configuration expect of it.

    Attributes:
        model: fitted on all layers.
        expected: float64[layers, 1 or 2], firing and passing, out of fold.
        error: float64[layers], standard deviation, out of fold.
    """

    model: RoleModel
    expected: Array
    error: Array


def fit_activity(ok: LearnedRows, jobs: int) -> tuple[ActivityModel, LayerLogits]:
    """Fit all roles; returns the model and its out-of-fold expectations of the rows.

    Args:
        ok: rows that ended ok, with what comes back of recurrent layers.
        jobs: processes.
    """
    tables = layer_tables(ok.questions, ok.x)
    values = {role: measured_layers_of(ok, role, table) for role, table in tables.items()}
    fitted = Parallel(n_jobs=jobs)(
        delayed(_fit_role)(table, values[role], ok.groups[table.question]) for role, table in tables.items()
    )
    model = ActivityModel({name: role.model for name, role in zip(tables, fitted, strict=True)})
    held_out = ((table, role.expected, role.error) for table, role in zip(tables.values(), fitted, strict=True))
    return model, LayerLogits.of_roles(ok.questions, held_out)


def _fit_role(table: LayerTable, y: Array, groups: NDArray[np.str_]) -> FittedRole:
    with one_thread():
        # The last output matters most: what passes on decides the latency.
        kernel = Kernel.likeliest(table.x, y[:, -1])

        def process(x_fit: Array, y_fit: Array, asked: Array) -> Array:
            return GaussianProcess.under(kernel, x_fit, y_fit).predict(asked)

        expected = out_of_fold(process, table.x, y, groups)
        logs = log_errors(y[:, -1] - expected[:, -1])
        model = RoleModel(GaussianProcess.under(kernel, table.x, y), fit_error(table.x, logs))
        return FittedRole(model, expected, held_out_error(table.x, logs, groups))


def measured_layers_of(ok: LearnedRows, role: str, table: LayerTable) -> Array:
    """What a role's model learns: float64[layers, 1 or 2], firing, and passing where there is a next layer."""
    firing = measured_firing(ok, table)
    if role == "output":
        return firing[:, np.newaxis]
    return np.column_stack([firing, measured_passing(ok, table)])


def measured_firing(ok: LearnedRows, table: LayerTable) -> Array:
    """Logit of the share of neurons and timesteps with a spike, float64[layers]."""
    shares = np.empty(len(table.question))
    for structure, index, layers in _alike(ok.questions, table):
        shares[layers] = 1.0 - _column(ok, f"sparsity_{structure.layers[index].name}", table.question[layers])
    return LAYER_SPARSITY.forward(shares)


def measured_passing(ok: LearnedRows, table: LayerTable) -> Array:
    """Logit of the share of the next layer's inputs and timesteps with a spike, behind the pool, float64[layers]."""
    shares = np.empty(len(table.question))
    for structure, index, layers in _alike(ok.questions, table):
        behind, asked = structure.layers[index + 1].name, table.question[layers]
        spikes = _column(ok, f"spikes_in_{behind}", asked)
        if structure.recurrent:
            spikes = spikes - _column(ok, f"returning_{behind}", asked)
        shares[layers] = spikes / inputs_of(structure, index + 1)
    return LAYER_SPARSITY.forward(shares)


def _alike(questions: Questions, table: LayerTable) -> Iterator[tuple[Structure, int, NDArray[np.int64]]]:
    """Every structure and position of a layer in it, with the positions in the table of those layers."""
    number = questions.structure_of[table.question]
    for structure in np.unique(number):
        for index in np.unique(table.index[number == structure]):
            layers = np.flatnonzero((number == structure) & (table.index == index))
            yield questions.structures[structure], int(index), layers


def _column(ok: LearnedRows, name: str, rows: NDArray[np.int64]) -> Array:
    return ok.rows[name].to_numpy(dtype=np.float64)[rows]

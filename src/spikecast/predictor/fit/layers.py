"""What was measured of every layer, as the activity model learns it.

Which measured networks a predictor can learn from.

Fit the activity model, and say what it expects of networks that it never saw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.neurons import RECURRENT
from spikecast.predictor.fit.held_out import fit_error, held_out_error, log_errors, one_thread, out_of_fold
from spikecast.predictor.models import GaussianProcess
from spikecast.predictor.models.gaussian_process import Kernel
from spikecast.predictor.questions import Questions, Structure
from spikecast.predictor.spikes.activity import (
    ROLES,
    ActivityModel,
    LayerLogits,
    LayerTable,
    RoleModel,
    inputs_of,
    layer_tables,
    role_of,
)
from spikecast.predictor.targets import LAYER_SPARSITY
from spikecast.rows import choices_of


def measured_firing(rows: pd.DataFrame, questions: Questions, table: LayerTable) -> Array:
    """Logit of the share of neurons and timesteps with a spike, float64[layers]."""
    shares = np.empty(len(table.question))
    for structure, layers in _by_structure(questions, table):
        for index in np.unique(table.index[layers]):
            mine = layers[table.index[layers] == index]
            column = f"sparsity_{structure.layers[index].name}"
            shares[mine] = 1.0 - rows[column].to_numpy(dtype=np.float64)[table.question[mine]]
    return LAYER_SPARSITY.forward(shares)


def measured_passing(rows: pd.DataFrame, questions: Questions, table: LayerTable) -> Array:
    """Logit of the share of the next layer's inputs and timesteps with a spike, behind the pool, float64[layers]."""
    shares = np.empty(len(table.question))
    for structure, layers in _by_structure(questions, table):
        for index in np.unique(table.index[layers]):
            mine = layers[table.index[layers] == index]
            asked = table.question[mine]
            spikes = rows[f"spikes_in_{structure.layers[index + 1].name}"].to_numpy(dtype=np.float64)[asked]
            if structure.recurrent:
                spikes = (
                    spikes - rows[f"returning_{structure.layers[index + 1].name}"].to_numpy(dtype=np.float64)[asked]
                )
            shares[mine] = spikes / inputs_of(structure, index + 1)
    return LAYER_SPARSITY.forward(shares)


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


def _by_structure(questions: Questions, table: LayerTable) -> list[tuple[Structure, NDArray[np.int64]]]:
    number = questions.structure_of[table.question]
    return [(questions.structures[n], np.flatnonzero(number == n)) for n in np.unique(number)]


#: Configurations that a kind of layer must have: with one alone, nothing is left to predict it from.
_FEWEST = 2


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


def fit_activity(
    rows: pd.DataFrame, questions: Questions, x: Array, groups: NDArray[np.str_], jobs: int
) -> tuple[ActivityModel, LayerLogits]:
    """Fit all roles; returns the model and its out-of-fold expectations of the rows.

    Args:
        rows: ok rows, with what comes back of recurrent layers.
        questions, x: their choices and features, in the same order.
        groups: their configurations.
        jobs: processes.
    """
    tables = layer_tables(questions, x)
    values = {role: measured_layers_of(rows, questions, role, table) for role, table in tables.items()}
    fitted = Parallel(n_jobs=jobs)(
        delayed(_fit_role)(table, values[role], groups[table.question]) for role, table in tables.items()
    )
    model = ActivityModel({role: one.model for role, one in zip(tables, fitted, strict=True)})
    held_out = ((table, role.expected, role.error) for table, role in zip(tables.values(), fitted, strict=True))
    return model, LayerLogits.of_roles(questions, held_out)


def measured_layers_of(rows: pd.DataFrame, questions: Questions, role: str, table: LayerTable) -> Array:
    """What a role's model learns: float64[layers, 1 or 2], firing, and passing where there is a next layer."""
    firing = measured_firing(rows, questions, table)
    if role == "output":
        return firing[:, np.newaxis]
    return np.column_stack([firing, measured_passing(rows, questions, table)])


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

"""Fit the activity model, and say what it expects of networks that it never saw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import NDArray

from spikecast.predictor.activity import ActivityModel, LayerLogits, RoleModel
from spikecast.predictor.crossval import out_of_fold
from spikecast.predictor.error_model import fit_error, held_out_error, log_errors
from spikecast.predictor.layer_table import LayerTable, layer_tables
from spikecast.predictor.measured_layers import measured_firing, measured_passing
from spikecast.predictor.models import GaussianProcess
from spikecast.predictor.models.gaussian_process import Kernel
from spikecast.predictor.one_thread import one_thread
from spikecast.predictor.questions import Questions

Array = NDArray[np.float64]


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

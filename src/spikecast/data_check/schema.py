"""The two tables of a data folder: their columns, and checks of each column, its type, range and uniqueness.

A column holds ``str``, ``int`` or ``float``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from spikecast.choices import TrainingChoices
from spikecast.data_check.finding import Spot, spots_where
from spikecast.errors import InputError
from spikecast.rows import DAMAGED, ROWS_FILE, TRACES_FILE, TRIALS_FOLDER, read_rows, read_traces, read_trial


def _plain_type(annotation: Any) -> type:
    """The type of a choice; that of its values where they are a closed list."""
    return annotation if isinstance(annotation, type) else type(get_args(annotation)[0])


_CHOICES = {name: _plain_type(field.annotation) for name, field in TrainingChoices.model_fields.items()}
#: What only a network that was trained to the end and simulated has, beside its per-layer columns.
MEASURED: dict[str, type] = {
    "accuracy": float,
    "sparsity": float,
    "latency_cycles": float,
    "latency_cycles_p95": float,
    "final_loss": float,
    "spike_agreement": float,
    "evaluated_samples": int,
    "simulate_seconds": float,
}
ROW_COLUMNS: dict[str, type] = {
    **dict.fromkeys(("key", "config_key"), str),
    **_CHOICES,
    **dict.fromkeys(("status", "split", "hardware", "hardware_description", "error"), str),
    **MEASURED,
    "train_seconds": float,
    "kept_epoch": int,
    **dict.fromkeys(("data_recordings", "data_events", "data_side", "data_trained"), int),
    **dict.fromkeys(("data_classes", "data_split", "data_sha256"), str),
}
TRACE_COLUMNS: dict[str, type] = {"key": str, "layer": str, "layer_index": int, "timesteps": int, "channels": int}
#: Columns of the traces that hold a list of whole numbers.
TRACE_LISTS = ("samples", "counts", "done_cycles")
#: What is measured of every layer; a column is one of these, an underscore, and the layer's name.
LAYER_MEASURES = ("sparsity", "spikes_in", "latency_cycles")
_OF_LAYER = re.compile(rf"({'|'.join(LAYER_MEASURES)})_((?:conv|fc)\d+)")
_SPOKEN = {str: "text", int: "whole numbers", float: "numbers"}
#: Smallest and largest value by column, or by what is measured of layers, and how the range is spoken.
_RANGES = {
    **dict.fromkeys(("accuracy", "sparsity", "spike_agreement"), (0.0, 1.0, "0 to 1")),
    **dict.fromkeys(("latency_cycles", "latency_cycles_p95", "evaluated_samples"), (1.0, math.inf, "1 or more")),
    **dict.fromkeys(("data_recordings", "data_events", "data_side", "data_trained"), (1.0, math.inf, "1 or more")),
    **dict.fromkeys(("spikes_in", "final_loss", "train_seconds", "simulate_seconds"), (0.0, math.inf, "0 or more")),
}


def layer_of(column: str) -> str | None:
    """The layer that a column of rows is about; None if it is not about one."""
    match = _OF_LAYER.fullmatch(column)
    return match[2] if match else None


def measure_of(column: str) -> str:
    """What a column of rows holds, without the name of a layer: ``sparsity`` of ``sparsity_conv1``."""
    match = _OF_LAYER.fullmatch(column)
    return match[1] if match else column


def read_tables(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows and traces; columns of rows that older folders lack are there and empty.

    Raises:
        InputError: this is no data folder: a table is missing, damaged or empty, or lacks a column that all have.
    """
    rows, traces = read_rows(folder), read_traces(folder)
    if rows.empty:
        raise InputError(f"{folder / ROWS_FILE} holds no row: characterize again")
    names = [*TRACE_COLUMNS, *TRACE_LISTS]
    # Where no network has a trace, the table that characterize writes has no columns.
    if traces.empty:
        traces = traces.reindex(columns=names)
    if missing := [name for name in names if name not in traces]:
        raise InputError(f"{folder / TRACES_FILE} lacks the columns {', '.join(missing)}: characterize again")
    for name in [*rows.columns, *ROW_COLUMNS]:
        empty = name not in rows or rows[name].isna().all()
        if empty and (name in ROW_COLUMNS or layer_of(name)):
            # Without a value a column has no type that numbers could be compared with.
            rows[name] = float("nan")
    return rows, traces


def column_types(rows: pd.DataFrame, traces: pd.DataFrame) -> Iterator[Spot]:
    """Every column holds text, numbers, whole numbers, or lists of whole numbers; rows may lack a value."""
    of_layers = {name: float for name in rows.columns if layer_of(name)}
    for name, kind in {**ROW_COLUMNS, **of_layers}.items():
        yield from spots_where(_wrong(rows[name], kind), rows, name, f"{name} must hold {_SPOKEN[kind]}")
    for name, kind in TRACE_COLUMNS.items():
        wrong = _wrong(traces[name], kind) | traces[name].isna()
        yield from spots_where(wrong, traces, name, f"{name} of traces must hold {_SPOKEN[kind]}")
    for name in TRACE_LISTS:
        wrong = ~traces[name].map(_whole_list).astype(bool)
        yield from spots_where(wrong, traces, name, f"{name} of traces must hold lists of whole numbers")


def _wrong(column: pd.Series, kind: type) -> pd.Series:
    """Which values are there and not of the type."""
    there = column.notna()
    if kind is str:
        return there & ~column.map(lambda value: isinstance(value, str)).astype(bool)
    if not is_numeric_dtype(column) or is_bool_dtype(column):
        return there
    return there & (column % 1 != 0) if kind is int else there & False


def _whole_list(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.ndim == 1 and np.issubdtype(value.dtype, np.integer)


def unique(rows: pd.DataFrame, traces: pd.DataFrame) -> Iterator[Spot]:
    """No key twice in rows, no layer of a key twice in traces, no trace without a row."""
    for key, times in rows["key"].value_counts().items():
        if times > 1:
            yield Spot("keys must be in rows once", str(key), f"{times} times")
    again = traces[traces.duplicated(["key", "layer"])]
    for key, layer in again[["key", "layer"]].itertuples(index=False):
        yield Spot("layers of a key must be in traces once", str(key), f"{layer} again")
    for key, layers in traces[~traces["key"].isin(rows["key"])].groupby("key")["layer"]:
        yield Spot("traces must belong to a row", str(key), ", ".join(layers))


def ranges(rows: pd.DataFrame) -> Iterator[Spot]:
    """Finite numbers that are there lie in their range; whether one must be there is up to the status."""
    for name in rows.columns:
        if measure_of(name) in _RANGES:
            smallest, largest, spoken = _RANGES[measure_of(name)]
            wrong = np.isfinite(rows[name]) & ~rows[name].between(smallest, largest)
            yield from spots_where(wrong, rows, name, f"{name} must be {spoken}")
    wrong = rows["kept_epoch"].notna() & ~rows["kept_epoch"].between(1, rows["epochs"])
    yield from spots_where(wrong, rows, "kept_epoch", "kept_epoch must be one of the epochs")


def trials(folder: Path) -> Iterator[Spot]:
    """Finished trials beside the tables that cannot be read, set aside or not yet."""
    problem = f"a file in {TRIALS_FOLDER} must be a whole trial: remove it, and run characterize again"
    for path in sorted((folder / TRIALS_FOLDER).glob(f"*.json{DAMAGED}")):
        yield Spot(problem, path.name.partition(".")[0], path.name)
    for path in sorted((folder / TRIALS_FOLDER).glob("*.json")):
        try:
            read_trial(path)
        except InputError:
            yield Spot(problem, path.stem, path.name)

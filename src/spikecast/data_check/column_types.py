"""Check: columns hold the type that they should."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from spikecast.data_check.columns import ROW_COLUMNS, TRACE_COLUMNS, TRACE_LISTS, layer_of
from spikecast.data_check.finding import Spot, spots_where

_SPOKEN = {str: "text", int: "whole numbers", float: "numbers"}


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

"""The two tables of a data folder, as all checks take them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from spikecast.data_check.columns import ROW_COLUMNS, TRACE_COLUMNS, TRACE_LISTS, layer_of
from spikecast.errors import InputError
from spikecast.rows import ROWS_FILE, TRACES_FILE, read_rows, read_traces


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

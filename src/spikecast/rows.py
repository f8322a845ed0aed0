"""The characterization tables: what their columns mean, and how they are read and written.

``characterization.parquet`` holds one row per trained network, ``traces.parquet`` one row per trained network
and layer. A folder that holds them is a data folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from spikecast._util.files import whole_file
from spikecast.accelerator.trace import Trace
from spikecast.choices import LATER_CHOICES, TrainingChoices
from spikecast.errors import InputError

ROWS_FILE = "characterization.parquet"
TRACES_FILE = "traces.parquet"
#: The folder, beside the tables, of finished trials that are not in them yet, ``<key>.json``.
TRIALS_FOLDER = "trials"
#: What the name of a trial ends in that cannot be read.
DAMAGED = ".damaged"

CHOICE_COLUMNS = tuple(TrainingChoices.model_fields)
#: What became of a network: it learned something; no output spike on any evaluated sample; one class for all
#: evaluated samples; loss or weights stopped being finite; the trial itself broke.
STATUSES = ("ok", "silent", "collapsed", "diverged", "failed")
#: Columns that every data folder must have; per-layer columns (``sparsity_conv1``, ``spikes_in_conv1``,
#: ``latency_cycles_conv1``, ...) depend on the architectures in it.
REQUIRED_COLUMNS = (
    "key",
    "config_key",
    *(name for name in CHOICE_COLUMNS if name not in LATER_CHOICES),
    "status",
    "accuracy",
    "sparsity",
    "latency_cycles",
    "split",
    "hardware",
    "hardware_description",
)
#: What every trial has, however it ended.
_IDENTITY = {"config_key", *CHOICE_COLUMNS} - LATER_CHOICES.keys()

#: Which recordings a network was trained and evaluated on, see ``spikecast.events.Identity``; older rows do not say.
RECORDINGS_COLUMNS = {
    "data_recordings": "recordings",
    "data_events": "events",
    "data_classes": "classes",
    "data_side": "pixels a side",
    "data_split": "split",
    "data_trained": "recordings that train",
    "data_sha256": "sha256 of their names and events",
}

#: Share of configurations kept aside as ``test``, never used for fitting.
TEST_PERCENT = 15


def split_of(config_key: str) -> str:
    """``test`` or ``train``: fixed by the configuration's key, so all its seeds fall on the same side."""
    return "test" if int(config_key, 16) % 100 < TEST_PERCENT else "train"


def choices_of(row: Mapping[Any, Any]) -> TrainingChoices:
    """The training choices of a row."""
    return TrainingChoices(**{name: row[name] for name in CHOICE_COLUMNS})


def recordings_of(row: Mapping[Any, Any]) -> tuple[str, ...] | None:
    """What a row says of its recordings, as text, by RECORDINGS_COLUMNS; None where it says nothing, as older rows."""
    values: list[Any] = [row.get(name) for name in RECORDINGS_COLUMNS]
    if any(pd.isna(value) for value in values):
        return None
    # Beside rows that do not say, whole numbers have become floats.
    return tuple(value if isinstance(value, str) else str(int(value)) for value in values)


def recordings_differ(ours: tuple[str, ...], others: tuple[str, ...]) -> str:
    """In which of RECORDINGS_COLUMNS two rows differ, in words; empty if in none."""
    pairs = zip(RECORDINGS_COLUMNS.values(), ours, others, strict=True)
    return "; ".join(f"{name} {first}, not {second}" for name, first, second in pairs if first != second)


def seed_means(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Mean of each column over the seeds of a configuration that ended ok, by ``config_key``; NaN where none did."""
    return rows[list(columns)].where(rows["status"] == "ok").groupby(rows["config_key"]).mean()


def read_rows(folder: str | Path) -> pd.DataFrame:
    """All rows of a data folder.

    Raises:
        InputError: the folder or file is missing, damaged, or lacks a column.
    """
    folder = Path(folder)
    rows = _read(folder, ROWS_FILE)
    missing = [name for name in REQUIRED_COLUMNS if name not in rows]
    if missing:
        raise InputError(f"{folder / ROWS_FILE} lacks the columns {', '.join(missing)}: characterize again")
    for name, value in LATER_CHOICES.items():
        if name not in rows:
            rows[name] = value
    return rows


def read_traces(folder: str | Path) -> pd.DataFrame:
    """All traces of a data folder: key, layer, layer_index, samples, timesteps, channels, counts, done_cycles.

    ``counts`` is flattened from [samples, timesteps, channels]; ``samples`` are positions in the evaluation part.

    Raises:
        InputError: the folder or file is missing or damaged.
    """
    return _read(Path(folder), TRACES_FILE)


def trace_of(traces: pd.DataFrame, choices: TrainingChoices) -> Trace:
    """The measured trace of one network.

    Raises:
        InputError: the table holds no trace of it.
    """
    found = traces[traces["key"] == choices.key].sort_values("layer_index")
    if found.empty:
        raise InputError(f"no trace of key {choices.key}: it was never run, diverged, or failed")
    counts = tuple(
        np.asarray(row["counts"], dtype=np.int64).reshape(-1, row["timesteps"], row["channels"])
        for row in found.to_dict("records")
    )
    return Trace(choices.layers, counts, choices.weight_bits)


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a parquet file as a whole or not at all."""
    content = pa.Table.from_pandas(table, preserve_index=False)
    lists = {field.name for field in content.schema if pa.types.is_list(field.type)}
    with whole_file(path) as temporary:
        pq.write_table(
            content,
            temporary,
            compression="zstd",
            compression_level=19,
            use_dictionary=[name for name in content.column_names if name not in lists],
            # Counts are small: with their bytes apart, most of which are nought, traces take a fifth less room.
            use_byte_stream_split=[f"{name}.list.element" for name in sorted(lists)],
            # A bit that a disk turns would be read as another value.
            write_page_checksum=True,
        )


def _read(folder: Path, name: str) -> pd.DataFrame:
    path = folder / name
    if not folder.is_dir():
        raise InputError(f"no data folder {folder}: make one with spikecast characterize --out {folder}")
    if not path.is_file():
        raise InputError(f"{folder} holds no {name}: make it with spikecast characterize --out {folder}")
    try:
        table: pd.DataFrame = pq.read_table(path, page_checksum_verification=True).to_pandas()
        return table
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path} is not a whole parquet file ({reason}): restore or characterize again") from None


def read_trial(path: Path) -> dict[str, Any]:
    """The row and the traces of one finished trial.

    Raises:
        InputError: it is damaged.
        FileNotFoundError: it was merged meanwhile.
    """
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        row, traces = result["row"], result["traces"]
        of_trial = all(part["key"] == path.stem for part in (row, *traces)) and isinstance(row["status"], str)
        missing = _IDENTITY - row.keys()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        of_trial, missing = False, set()
    if not of_trial or missing:
        raise InputError(f"{path} is no whole trial: remove it, and run characterize again")
    return {"row": row, "traces": traces}

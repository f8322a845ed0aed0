"""The store of a characterization: every finished trial is kept at once, whatever happens next.

A finished trial is one small file in ``trials/``, written whole or not at all. Compaction merges these files
into the two tables and only then removes them. Several runs may share a store, see ``characterize.locks``; others may
read it meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock

from spikecast._util.files import clear_parts, whole_file
from spikecast.accelerator.files import save_network
from spikecast.characterize.locks import Claims, writing_to
from spikecast.characterize.trial import TrialResult
from spikecast.errors import InputError
from spikecast.rows import (
    CHOICE_COLUMNS,
    DAMAGED,
    ROWS_FILE,
    TRACES_FILE,
    TRIALS_FOLDER,
    read_rows,
    read_traces,
    read_trial,
    recordings_differ,
    recordings_of,
    write_table,
)

_LEADING_COLUMNS = ("key", "config_key", *CHOICE_COLUMNS, "status", "accuracy", "sparsity", "latency_cycles")
_TRACE_TYPES = {"layer_index": "int16", "timesteps": "int16", "channels": "int32"}
_ROW_FLOATS = ("accuracy", "sparsity", "latency_cycles", "train_seconds")


class Store:
    """A folder of finished trials; with ``keep_networks`` also of their networks, ``networks/<key>.npz``.

    Raises:
        InputError: the folder cannot be made or written, or its tables are damaged.
    """

    def __init__(self, folder: Path, keep_networks: bool = False) -> None:
        self.folder = folder
        self.claims = Claims(folder)
        self._trials = folder / TRIALS_FOLDER
        self._networks = folder / "networks" if keep_networks else None
        try:
            self._trials.mkdir(parents=True, exist_ok=True)
            if self._networks is not None:
                self._networks.mkdir(exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot use {folder} as a store: {error.strerror}; choose another --out") from None

    def finished(self) -> set[str]:
        """Keys of all finished trials, compacted or not; damaged ones are set aside first, and so run again."""
        with writing_to(self.folder):
            whole_trials(self.folder)
        return finished_keys(self.folder)

    def add(self, result: TrialResult) -> None:
        """Keep a finished trial: after this call it survives a crash.

        Raises:
            InputError: the disk is full, or the folder cannot be written.
        """
        key = result.row["key"]
        with writing_to(self.folder):
            if self._networks is not None and result.network is not None:
                choices = {name: result.row[name] for name in CHOICE_COLUMNS}
                save_network(result.network, self._networks / f"{key}.npz", choices)
            with whole_file(self._trials / f"{key}.json") as temporary:
                temporary.write_text(json.dumps({"row": result.row, "traces": result.traces}), encoding="utf-8")

    def compact(self) -> pd.DataFrame:
        """Merge all finished trials into the tables; returns the table of rows.

        The tables are written before the trial files are removed, traces first, so a crash in between loses
        nothing: the next compaction merges the same files again.

        Raises:
            InputError: nothing is finished; a table is damaged; the disk is full, or the folder cannot be written.
        """
        with writing_to(self.folder), FileLock(self.folder / ".lock"):
            whole = whole_trials(self.folder)
            files, results = list(whole), list(whole.values())
            if not files and not (self.folder / ROWS_FILE).exists():
                raise InputError(f"{self.folder} holds no finished trial")
            rows = pd.DataFrame([result["row"] for result in results])
            traces = pd.DataFrame([trace for result in results for trace in result["traces"]])
            if (self.folder / ROWS_FILE).exists():
                rows = _merged(read_rows(self.folder), rows, ["key"])
                traces = _merged(read_traces(self.folder), traces, ["key", "layer"])
            rows = _ordered(rows)
            if not traces.empty:
                traces = traces.sort_values(["key", "layer_index"], ignore_index=True).astype(_TRACE_TYPES)
            write_table(self.folder / TRACES_FILE, traces)
            write_table(self.folder / ROWS_FILE, rows)
            for path in files:
                path.unlink()
            clear_parts(self._trials)
            self.claims.clear(set(rows["key"]))
        return rows


def whole_trials(folder: Path) -> dict[Path, dict[str, Any]]:
    """Finished trials that are not in the tables yet, by file, in the order of their names.

    Those that cannot be read, by a bad disk or an editor, are renamed, so that they neither stop nor join the others.
    """
    whole = {}
    for path in sorted((folder / TRIALS_FOLDER).glob("*.json")):
        try:
            whole[path] = read_trial(path)
        except FileNotFoundError:
            continue
        except InputError:
            path.rename(path.with_name(path.name + DAMAGED))
    return whole


def damaged_trials(folder: Path) -> list[Path]:
    """Trials that were set aside, in the order of their names."""
    return sorted((folder / TRIALS_FOLDER).glob(f"*.json{DAMAGED}"))


def _merged(old: pd.DataFrame, new: pd.DataFrame, identity: list[str]) -> pd.DataFrame:
    filled = [table for table in (old, new) if not table.empty]
    if not filled:
        return old
    both = pd.concat(filled, ignore_index=True)
    return both.drop_duplicates(identity, keep="last", ignore_index=True)


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """Sorted by key, fixed columns first; columns that no trial filled are there all the same."""
    for name in _ROW_FLOATS:
        rows[name] = rows[name].astype("float64") if name in rows else float("nan")
    if "error" not in rows:
        rows["error"] = None
    rest: list[Any] = sorted(set(rows.columns) - set(_LEADING_COLUMNS))
    return rows[[*_LEADING_COLUMNS, *rest]].sort_values("key", ignore_index=True)


def require_store(folder: Path) -> None:
    """Check that a folder is a store, finished or not.

    Raises:
        InputError: there is no such folder, or it is no store.
    """
    if not (folder / ROWS_FILE).exists() and not (folder / TRIALS_FOLDER).is_dir():
        raise InputError(f"{folder} is not a data folder: make one with spikecast characterize --out {folder}")


def require_same_recordings(folder: Path, dataset: str, columns: Mapping[str, int | str]) -> int:
    """Check that finished trials of a data set were made from the recordings that there are now.

    Args:
        folder: of the store, which need not exist yet.
        dataset: its name.
        columns: what new rows will say of it, see ``spikecast.rows.RECORDINGS_COLUMNS``.

    Returns:
        How many of its rows do not say, because they were made by an older version.

    Raises:
        InputError: some were made from other recordings, or split otherwise; the table of rows is damaged.
    """
    now, silent = recordings_of(columns), 0
    assert now is not None
    rows = finished_rows(folder)
    for row in rows[rows["dataset"] == dataset].to_dict("records") if "dataset" in rows else []:
        then = recordings_of(row)
        if then is None:
            silent += 1
        elif differ := recordings_differ(now, then):
            raise InputError(
                f"{dataset} is not what it was when {folder} was measured: {differ}; use another --out, give the data "
                "set another name, or put its recordings back"
            )
    return silent


def finished_keys(folder: Path) -> set[str]:
    """Keys of all finished trials; none where the folder does not exist.

    Raises:
        InputError: the table of rows is damaged.
    """
    # Trial files first: a compaction meanwhile moves them into the table, never back.
    files = {path.stem for path in (folder / TRIALS_FOLDER).glob("*.json")}
    return files | (set(read_rows(folder)["key"]) if (folder / ROWS_FILE).exists() else set())


def finished_rows(folder: Path) -> pd.DataFrame:
    """Rows of all finished trials, in the tables or not yet; empty where the folder does not exist.

    Raises:
        InputError: the table of rows is damaged.
    """
    rows = []
    for path in (folder / TRIALS_FOLDER).glob("*.json"):
        try:
            rows.append(read_trial(path)["row"])
        # Merged meanwhile into the table, which is read after this; or to be set aside when the store is written to.
        except (FileNotFoundError, InputError):
            continue
    tables = [pd.DataFrame(rows)] if rows else []
    if (folder / ROWS_FILE).exists():
        tables.append(read_rows(folder))
    if not tables:
        return pd.DataFrame(columns=["key", "status", "train_seconds", "simulate_seconds"])
    both = tables[0] if len(tables) == 1 else pd.concat([table.astype(object) for table in tables], ignore_index=True)
    return both.drop_duplicates("key", ignore_index=True)

"""What a store folder already holds, read while others may be writing to it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from spikecast.errors import InputError
from spikecast.rows import ROWS_FILE, read_rows

#: The folder, inside a store, of finished trials that are not in the tables yet.
TRIALS_FOLDER = "trials"


def require_store(folder: Path) -> None:
    """Check that a folder is a store, finished or not.

    Raises:
        InputError: there is no such folder, or it is no store.
    """
    if not (folder / ROWS_FILE).exists() and not (folder / TRIALS_FOLDER).is_dir():
        raise InputError(f"{folder} is not a data folder: make one with spikecast characterize --out {folder}")


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
            rows.append(json.loads(path.read_text(encoding="utf-8"))["row"])
        except FileNotFoundError:  # merged meanwhile into the table, which is read after this
            continue
    tables = [pd.DataFrame(rows)] if rows else []
    if (folder / ROWS_FILE).exists():
        tables.append(read_rows(folder))
    if not tables:
        return pd.DataFrame(columns=["key", "status", "train_seconds", "simulate_seconds"])
    both = tables[0] if len(tables) == 1 else pd.concat([table.astype(object) for table in tables], ignore_index=True)
    return both.drop_duplicates("key", ignore_index=True)

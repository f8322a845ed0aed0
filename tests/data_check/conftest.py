"""A small data folder of several architectures, hardware and every status, to be damaged; and what is found in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from spikecast.accelerator import Hardware, load_hardware
from spikecast.accelerator.hardware import BalancedCores
from spikecast.characterize.trial import run_trial
from spikecast.choices import TrainingChoices
from spikecast.data_check import Report, check_folder
from spikecast.rows import ROWS_FILE, TRACES_FILE, choices_of, read_rows, read_traces, split_of, write_table

#: Rows of each status taken from those that ship, all of one kind, so that they can be compared.
SHIPPED = {"ok": 5, "silent": 3, "collapsed": 4}
ALIKE = {
    "dataset": "nmnist",
    "architecture": "16C3-MP2-32C3-MP2-FC128-FC100",
    "timesteps": 4,
    "input_size": 32,
    "evaluated_samples": 300,
    "hardware": "sparse-core",
}
SMALL = {"input_size": 8, "timesteps": 2, "epochs": 1, "beta": 0.5, "threshold": 0.5}


@dataclass
class Tables:
    """Both tables of a data folder, free to change."""

    rows: pd.DataFrame
    traces: pd.DataFrame

    def row(self, status: str, number: int = 0) -> Any:
        """Index of a row of this status."""
        return self.rows.index[self.rows["status"] == status][number]

    def trace(self, row: Any, layer: str) -> Any:
        """Index of a trace of the row at this index."""
        key = self.rows.at[row, "key"]
        (found,) = self.traces.index[(self.traces["key"] == key) & (self.traces["layer"] == layer)]
        return found

    def change(self, trace: Any, column: str, place: int, by: int) -> None:
        """Add to one number of a trace's list."""
        changed = self.traces.at[trace, column].copy()
        changed[place] += by
        self.traces.at[trace, column] = changed

    def write(self, folder: Path) -> None:
        """Write both tables to a folder."""
        write_table(folder / ROWS_FILE, self.rows)
        write_table(folder / TRACES_FILE, self.traces)


@pytest.fixture(scope="session")
def mixed(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shipped rows, networks of other architectures on other hardware, and two that did not come to an end."""
    shipped = repository / "data" / "characterization"
    rows, traces = read_rows(shipped), read_traces(shipped)
    rows = rows[(rows[list(ALIKE)] == pd.Series(ALIKE)).all(axis=1)]
    rows = pd.concat([rows[rows["status"] == status].head(count) for status, count in SHIPPED.items()])
    sparse_core = load_hardware("sparse-core")
    balanced = Hardware(**{**sparse_core.model_dump(), "name": "shared", "cores": BalancedCores(balanced=9)})
    results = [
        run_trial(TrainingChoices(**SMALL, architecture=architecture, **others), hardware)
        for architecture, others, hardware in (
            ("FC30-FC20-FC10", {}, load_hardware("fc-pipeline")),
            ("4C3-MP2-FC20", {"neuron": "rleaky"}, sparse_core),
            ("4C3-MP2-FC20", {"seed": 1}, balanced),
        )
    ]
    unfinished = [_unfinished(rows.iloc[0], 7, status="diverged", train_seconds=2.0, kept_epoch=1)]
    unfinished.append(_unfinished(rows.iloc[0], 8, status="failed", error="MemoryError: no room"))
    new = pd.DataFrame([*(result.row for result in results), *unfinished])
    tables = Tables(
        pd.concat([rows, new.astype({"error": object})], ignore_index=True),
        pd.concat(
            [traces[traces["key"].isin(rows["key"])], pd.DataFrame([t for result in results for t in result.traces])],
            ignore_index=True,
        ),
    )
    folder = tmp_path_factory.mktemp("mixed")
    tables.write(folder)
    return folder


def _unfinished(like: pd.Series, seed: int, **others: object) -> dict[str, object]:
    """A row of equal choices but for the seed, and nothing measured."""
    choices = choices_of({**like, "seed": seed})
    return {
        "key": choices.key,
        "config_key": choices.config_key,
        **choices.model_dump(),
        "split": split_of(choices.config_key),
        "hardware": like["hardware"],
        "hardware_description": like["hardware_description"],
        **others,
    }


@pytest.fixture
def tables(mixed: Path) -> Tables:
    """The tables of the small folder, for one test to damage."""
    return Tables(read_rows(mixed), read_traces(mixed))


@pytest.fixture
def report(tables: Tables, tmp_path: Path) -> Callable[[], Report]:
    """Check the tables as they are now."""

    def check() -> Report:
        tables.write(tmp_path)
        return check_folder(tmp_path)

    return check


@pytest.fixture
def found(report: Callable[[], Report]) -> Callable[[], dict[str, tuple[str, ...]]]:
    """What is wrong with the tables as they are now: ``check: problem`` -> keys."""
    return lambda: {f"{finding.check}: {finding.problem}": finding.keys for finding in report().findings}

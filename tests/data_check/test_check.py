"""The check as a whole: clean folders, folders that are none, findings by kind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from spikecast.data_check import Finding, check_folder
from spikecast.data_check.finding import Spot, by_kind
from spikecast.errors import InputError
from spikecast.rows import ROWS_FILE, TRACES_FILE, read_rows, read_traces, write_table


def test_the_shipped_data_is_clean(repository: Path) -> None:
    folder = repository / "data" / "characterization"
    report, rows = check_folder(folder), read_rows(folder)
    assert report.findings == ()
    assert report.clean
    assert report.complete
    assert report.statuses == dict(sorted(rows["status"].value_counts().items()))
    assert (report.rows, report.traces) == (len(rows), len(read_traces(folder)))
    assert (
        report.samples_retimed == report.samples == 16 * int(rows["status"].isin(["ok", "silent", "collapsed"]).sum())
    )


def test_a_mixed_folder_is_clean_and_balanced_cores_are_not_retimed(report: Any) -> None:
    checked = report()
    assert checked.findings == ()
    assert checked.statuses == {"collapsed": 4, "diverged": 1, "failed": 1, "ok": 8, "silent": 3}
    assert (checked.samples_retimed, checked.samples) == (16 * 14, 16 * 15)


def test_a_folder_without_any_trace_is_clean(tables: Any, report: Any) -> None:
    tables.rows = tables.rows[tables.rows["status"] == "failed"]
    tables.traces = pd.DataFrame()
    assert report().findings == ()


def test_findings_of_different_kinds_are_all_there(tables: Any, found: Any) -> None:
    first, second = tables.row("ok"), tables.row("ok", 1)
    tables.rows.loc[[first, second], "split"] = "neither"
    tables.rows.loc[second, "train_seconds"] = -1
    keys = tables.rows["key"]
    assert found() == {
        "keys: split must be that of config_key, so that seeds of a configuration stay together": (
            keys[first],
            keys[second],
        ),
        "ranges: train_seconds must be 0 or more": (keys[second],),
    }


def test_spots_of_equal_problem_are_one_finding() -> None:
    spots = [Spot("a", "1", "x"), Spot("b", "3", "y"), Spot("a", "2", "z")]
    assert by_kind("c", spots) == [Finding("c", "a", ("1", "2"), "x"), Finding("c", "b", ("3",), "y")]


@pytest.mark.parametrize("column", ["key", "latency_cycles", "hardware_description"])
def test_rows_without_a_column_are_no_data_folder(tables: Any, report: Any, column: str) -> None:
    tables.rows = tables.rows.drop(columns=column)
    with pytest.raises(InputError, match=f"lacks the columns {column}"):
        report()


@pytest.mark.parametrize("column", ["key", "samples", "done_cycles"])
def test_traces_without_a_column_are_no_data_folder(tables: Any, report: Any, column: str) -> None:
    tables.traces = tables.traces.drop(columns=column)
    with pytest.raises(InputError, match=f"lacks the columns {column}"):
        report()


def test_an_empty_table_is_no_data_folder(tables: Any, tmp_path: Path) -> None:
    write_table(tmp_path / ROWS_FILE, tables.rows.head(0))
    write_table(tmp_path / TRACES_FILE, tables.traces)
    with pytest.raises(InputError, match="holds no row"):
        check_folder(tmp_path)


def test_the_check_needs_nothing_of_training(mixed: Path) -> None:
    script = (
        "import sys\n"
        "sys.modules.update(dict.fromkeys(('torch', 'snntorch', 'tonic', 'filelock')))\n"
        "from pathlib import Path\n"
        "from spikecast.data_check import check_folder\n"
        f"sys.exit(0 if check_folder(Path({str(mixed)!r})).clean else 'not clean')"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr

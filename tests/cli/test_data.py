"""``spikecast data check`` as a user runs it."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

from spikecast.errors import InputError
from spikecast.rows import ROWS_FILE, TRACES_FILE, read_rows, write_table

from .conftest import Run, refused

DATA = Path(__file__).parents[2] / "data" / "characterization"


def checked(run: Run, code: int, folder: Path, *options: str) -> str:
    """What ``data check`` prints, which must end with this code."""
    ended, out, err = run("data", "check", folder, *options)
    assert ended == code, err
    return out


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """The shipped data with four splits and one accuracy that are wrong."""
    rows = read_rows(DATA)
    rows.loc[:3, "split"] = "neither"
    rows.loc[9, "accuracy"] = 2.0
    write_table(tmp_path / ROWS_FILE, rows)
    shutil.copy(DATA / TRACES_FILE, tmp_path)
    return tmp_path


def test_clean_data_is_one_line(run: Run) -> None:
    out = checked(run, 0, DATA)
    assert out.startswith(f"{DATA}: clean: {len(read_rows(DATA)):,} rows (")
    assert out.endswith(" samples re-timed\n")
    assert out.count("\n") == 1
    found = json.loads(checked(run, 0, DATA, "--json"))
    assert (found["clean"], found["findings"], found["samples_retimed"]) == (True, [], found["samples"])


def test_findings_are_a_table(damaged: Path, run: Run) -> None:
    out = checked(run, 1, damaged)
    keys = read_rows(DATA)["key"]
    assert all(key in out for key in (*keys[:3], keys[9]))
    assert keys[3] not in out
    assert "accuracy must be 0 to 1: 2.0" in out
    assert f"2 kinds of findings: {len(read_rows(DATA)):,} rows" in out
    *table, _ = out.replace(str(damaged), "").splitlines()
    assert max(map(len, table)) <= 80


def test_findings_as_json_name_all_keys(damaged: Path, run: Run) -> None:
    found = json.loads(checked(run, 1, damaged, "--json"))
    assert not found["clean"]
    splits, accuracy = found["findings"]
    assert (splits["check"], splits["keys"]) == ("keys", read_rows(DATA)["key"].head(4).tolist())
    assert (accuracy["check"], accuracy["value"]) == ("ranges", "2.0")


def test_what_was_found_is_shown_as_it_is_and_what_was_not_timed_is_counted(damaged: Path, run: Run) -> None:
    rows = read_rows(damaged)
    simulated = rows.index[rows["status"].isin(["ok", "silent", "collapsed"])]
    rows.loc[simulated[:2], "hardware_description"] = "none"
    rows.loc[simulated[2], "status"] = "[/b]"
    write_table(damaged / ROWS_FILE, rows)
    out = checked(run, 1, damaged)
    assert "failed: [/b]" in " ".join(out.split())
    traced = 16 * (len(simulated) - 1)
    assert f"{traced - 32:,} of {traced:,} samples re-timed" in out


def test_wrong_types_are_said_to_hide_the_rest(damaged: Path, run: Run) -> None:
    rows = read_rows(damaged)
    write_table(damaged / ROWS_FILE, rows.assign(accuracy="high"))
    out = checked(run, 1, damaged)
    assert "all else is checked once the columns hold the right types" in out


@pytest.mark.parametrize("folder", ["none", "."])
def test_what_is_no_data_folder_is_one_line(
    folder: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "spikecast characterize --out" in refused(run, "data", "check", folder)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_trial_is_found(run: Run, tmp_path: Path) -> None:
    for name in (ROWS_FILE, TRACES_FILE):
        shutil.copy(DATA / name, tmp_path)
    (tmp_path / "trials").mkdir()
    (tmp_path / "trials" / "0123456789abcdef.json").write_text("{")
    (tmp_path / "trials" / "1123456789abcdef.json.damaged").write_text("{")
    out = checked(run, 1, tmp_path)
    assert "a file in trials" in out
    assert "0123456789abcdef" in out


def test_a_turned_bit_is_an_error_and_never_another_value(tmp_path: Path) -> None:
    rows = read_rows(DATA).head(50)
    write_table(tmp_path / ROWS_FILE, rows)
    written = (tmp_path / ROWS_FILE).read_bytes()
    for position in range(4, len(written), 997):
        turned = bytearray(written)
        turned[position] ^= 4
        (tmp_path / ROWS_FILE).write_bytes(turned)
        with suppress(InputError):
            pd.testing.assert_frame_equal(read_rows(tmp_path), rows)

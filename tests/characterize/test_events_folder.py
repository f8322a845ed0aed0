"""The folder of --events reaches every worker of every backend."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from joblib.externals.loky import get_reusable_executor

from spikecast.data_check import check_folder
from spikecast.datasets import EVENTS_VARIABLE
from spikecast.events.load import _bin, _open
from spikecast.rows import RECORDINGS_COLUMNS, ROWS_FILE, read_rows, recordings_of, write_table
from spikecast_cli.main import main

SPACE = """
name: shapes
blocks:
  - fixed: {dataset: folder:shapes:2, architecture: FC4, input_size: 8, timesteps: 2, epochs: 1, batch_size: 4}
    grid: {threshold: [0.2, 0.4]}
"""


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A space, and beside it a folder of recordings: points on the left or the right half of a 12 x 10 sensor."""
    (tmp_path / "space.yaml").write_text(SPACE)
    random = np.random.default_rng(0)
    for label, name in enumerate(("left", "right")):
        folder = tmp_path / "recordings" / "shapes" / "Train" / name
        folder.mkdir(parents=True)
        for index in range(10):
            rows = np.zeros(60, dtype=[("t", "<i8"), ("x", "<i8"), ("y", "<i8"), ("p", "?")])
            rows["t"], rows["p"] = np.arange(60), random.integers(0, 2, 60)
            rows["x"], rows["y"] = 6 * label + random.integers(0, 6, 60), random.integers(0, 10, 60)
            np.save(folder / f"{index}.npy", rows)
    return tmp_path


@pytest.mark.parametrize("options", [["--jobs", "2"], ["--backend", "dask"]], ids=" ".join)
def test_every_worker_reads_the_folder(
    options: list[str], workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if "dask" in options:
        pytest.importorskip("distributed")
    # The option goes before the variable, which names a folder without recordings. Workers of earlier tests were
    # started without it.
    monkeypatch.setenv(EVENTS_VARIABLE, str(workplace))
    get_reusable_executor().shutdown()
    monkeypatch.chdir(workplace)
    command = ["spikecast", "characterize", "--space", "space.yaml", "--out", "data", "--json"]
    monkeypatch.setattr("sys.argv", [*command, "--events", "recordings", *options])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["ran"] == 2
    rows = read_rows(workplace / "data")
    assert set(rows["dataset"]) == {"folder:shapes:2"}
    assert set(rows["evaluated_samples"]) == {4}
    assert "failed" not in set(rows["status"])


def test_same_rows_as_by_the_variable(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, same_store: Callable[[Path, Path], None]
) -> None:
    monkeypatch.chdir(workplace)
    for out, variable, options in (("one", "recordings", []), ("two", "nowhere", ["--events", "recordings"])):
        monkeypatch.setenv(EVENTS_VARIABLE, variable)
        monkeypatch.setattr("sys.argv", ["spikecast", "characterize", "--space", "space.yaml", "--out", out, *options])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
    same_store(workplace / "one", workplace / "two")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--events", "nowhere"], "--events nowhere is not a folder"),
        (["--events", "space.yaml"], "--events space.yaml is not a folder"),
        (["--events", "nowhere", "--dry-run"], "--events nowhere is not a folder"),
        (["--events", "."], "no recordings of folder:shapes:2 in "),
        ([], f"set {EVENTS_VARIABLE}, or --events of characterize, to a folder that holds shapes/Train"),
    ],
)
def test_refused_before_anything_is_written(
    options: list[str],
    said: str,
    workplace: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(workplace)
    monkeypatch.delenv(EVENTS_VARIABLE, raising=False)
    monkeypatch.setattr("sys.argv", ["spikecast", "characterize", "--space", "space.yaml", "--out", "data", *options])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert (ended.value.code, told.count("\n")) == (2, 1)
    assert said in told
    assert not Path("data").exists()


def characterized(out: str, *options: str, monkeypatch: pytest.MonkeyPatch) -> object:
    """How ``characterize`` ended."""
    command = ["spikecast", "characterize", "--space", "space.yaml", "--out", out, "--events", "recordings", *options]
    monkeypatch.setattr("sys.argv", command)
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_rows_say_which_recordings_made_them_and_others_are_refused(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(workplace)
    assert characterized("data", monkeypatch=monkeypatch) == 0
    assert "folder:shapes:2: 20 recordings, 1,200 events, 2 classes (left, right); 80 % of every class trains: " in (
        said := capsys.readouterr().err
    )
    assert "16 train, 4 evaluate; 12 x 12 pixels, " in said
    rows = read_rows(workplace / "data")
    assert {recordings_of(row) for row in rows.to_dict("records")} == {
        ("20", "1200", "left/right", "12", "80 % of every class trains", "16", rows["data_sha256"][0])
    }
    assert check_folder(workplace / "data").clean
    # A recording is added; by another path, since what was opened once stays open.
    Path("recordings").rename("before")
    shutil.copytree("before/shapes/Train/left", "recordings/shapes/Train/left")
    shutil.copytree("before/shapes/Train/right", "recordings/shapes/Train/right")
    shutil.copy("before/shapes/Train/left/0.npy", "recordings/shapes/Train/left/10.npy")
    _open.cache_clear()
    _bin.cache_clear()
    assert characterized("data", monkeypatch=monkeypatch) == 2
    refusal = capsys.readouterr().err
    assert refusal.count("\n") == 1
    assert "folder:shapes:2 is not what it was when data was measured: recordings 21, not 20; " in refusal
    assert "events 1260, not 1200; recordings that train 17, not 16; sha256 " in refusal
    assert read_rows(workplace / "data").equals(rows)
    assert characterized("other", monkeypatch=monkeypatch) == 0


def test_older_rows_are_gone_on_from(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(workplace)
    assert characterized("data", monkeypatch=monkeypatch) == 0
    older = read_rows("data").drop(columns=list(RECORDINGS_COLUMNS)).head(1)
    write_table(workplace / "data" / ROWS_FILE, older)
    capsys.readouterr()
    assert characterized("data", monkeypatch=monkeypatch) == 0
    assert "1 older rows of data do not say which recordings made them" in capsys.readouterr().err
    rows = read_rows("data")
    assert (len(rows), rows["data_recordings"].notna().sum()) == (2, 1)

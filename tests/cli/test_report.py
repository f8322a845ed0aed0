"""``spikecast report``: what it writes, prints and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spikecast.rows import ROWS_FILE, read_rows, write_table

from .conftest import Run, refused


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


def test_a_page_and_its_numbers(few_rows: Path, folder: Path, run: Run) -> None:
    code, out, _ = run("report", "--data", few_rows, "--out", "a.html", "--json")
    assert code == 0
    told = json.loads(out)
    assert told["report"] == "a.html"
    assert told["sections"][0]["tables"]["inventory"][0]["rows"] == 70
    assert [path.name for path in folder.iterdir()] == ["a.html"]


def test_what_is_missing_is_told(few_rows: Path, run: Run) -> None:
    code, out, _ = run("report", "--data", few_rows, "--out", "a.html")
    assert code == 0
    assert out.startswith("a.html: 13 sections")
    assert "spikecast characterize --space spaces/phase1.yaml" in out


def nothing_ok(folder: Path, few_rows: Path) -> None:
    rows = read_rows(few_rows)
    write_table(folder / ROWS_FILE, rows.assign(status="silent"))


def no_times(folder: Path, few_rows: Path) -> None:
    write_table(folder / ROWS_FILE, read_rows(few_rows).drop(columns=["train_seconds", "versions"]))


def bad_findings(folder: Path, few_rows: Path) -> None:
    write_table(folder / ROWS_FILE, read_rows(few_rows))
    (folder / "findings.md").write_bytes(b"\xff\xfe\x00")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (nothing_ok, "none of the 70 rows has status ok, a study needs some: characterize more"),
        (no_times, "the rows lack the columns train_seconds, versions: characterize again"),
        (bad_findings, "findings.md: 'utf-8' codec can't decode"),
    ],
)
def test_data_that_cannot_be_studied(spoil: object, said: str, few_rows: Path, folder: Path, run: Run) -> None:
    data = folder / "data"
    data.mkdir()
    assert callable(spoil)
    spoil(data, few_rows)
    assert said in refused(run, "report", "--data", "data", "--out", "a.html")
    assert [path.name for path in folder.iterdir()] == ["data"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--data none --out a.html", "no data folder none: make one with spikecast characterize --out none"),
        ("--data . --out a.html", "holds no characterization.parquet"),
        ("--data . --out a.pdf", "cannot write a report to a.pdf: use a name that ends in .html"),
        ("--data . --out none/a.html", "there is no folder none: make it first"),
        (
            "--data . --out a.html --figures none/b",
            "cannot write figures to none/b: there is no folder none",
        ),
        ("--out a.html", "Missing option '--data'"),
    ],
)
def test_bad_paths(arguments: str, said: str, folder: Path, run: Run) -> None:
    assert said in refused(run, "report", *arguments.split())
    assert list(folder.iterdir()) == []

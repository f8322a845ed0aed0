"""The page about a data folder: whole, offline, the same every time, and silent about nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from plotly.offline import get_plotlyjs

from spikecast.errors import InputError
from spikecast.report.files import write_report
from spikecast.report.page.page import StudyReport, study_report
from spikecast.rows import ROWS_FILE, read_rows, write_table
from spikecast.study.membranes import equal_membranes
from spikecast.study.study import Study
from spikecast.study.tables import ok_only

SECTIONS = [
    "data",
    "claims",
    "slopes",
    "grids",
    "matched",
    "membranes",
    "pareto",
    "layers",
    "correlation",
    "outcomes",
    "seeds",
    "best",
    "findings",
    "caveats",
]


@pytest.fixture(scope="module")
def report(every_block: Path) -> StudyReport:
    return study_report(every_block)


@pytest.fixture(scope="module")
def first_report(shipped: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> StudyReport:
    """Of the Sobol rows that ship, with no designed block among them."""
    folder = tmp_path_factory.mktemp("first")
    write_table(folder / ROWS_FILE, shipped[(shipped["epoch_kept"] == "last") & (shipped["epochs"] == 8)])
    return study_report(folder)


def test_the_blocks_are_those_of_the_spaces(every_block: Path, keys: dict[str, set[str]]) -> None:
    study = Study.of(read_rows(every_block))
    assert set(study.sweep["key"]) == keys["phase1"]
    gridded = set(pd.concat([grid.rows for grid in study.grids])["key"])
    assert gridded >= keys["phase2"]
    # Pairs with leaky neurons lie on the grid's points with a second seed.
    assert gridded - keys["phase2"] <= keys["pairs"]
    assert len(study.grids) == 4
    for equal_gradient in (False, True):
        pairs = equal_membranes(ok_only(study.table), equal_gradient=equal_gradient)
        assert pairs is not None
        assert len(pairs.pairs) == 24
        assert pairs.pairs["exact"].all()


def test_every_section_is_there_in_order(report: StudyReport) -> None:
    assert [section.name for section in report.sections] == SECTIONS
    assert [line for section in report.sections for line in section.missing] == []
    assert re.findall(r'<section id="(.*?)">', report.html) == SECTIONS


def test_sections_without_rows_say_what_makes_them(first_report: StudyReport) -> None:
    missing = {section.name: " ".join(section.missing) for section in first_report.sections if section.missing}
    assert set(missing) == {"slopes", "grids", "membranes", "best"}
    for name, spaces in {
        "slopes": ["phase1"],
        "grids": ["phase2"],
        "membranes": ["pairs"],
        "best": ["phase1", "phase2"],
    }.items():
        assert all(f"spaces/{space}.yaml" in missing[name] for space in spaces)
    assert "findings" not in [section.name for section in first_report.sections]


def test_the_page_stands_alone(report: StudyReport) -> None:
    page = report.html
    assert page.count(get_plotlyjs()) == 1
    rest = page.replace(get_plotlyjs(), "")
    assert not any(outside in rest for outside in ("http:", "https:", "cdn", "src=", "<link"))
    for picture in report.pictures:
        assert f'id="figure-{picture.name}"' in rest
    assert rest.count('class="plotly-graph-div"') == sum(1 for _ in report.pictures)


def test_the_same_rows_in_any_order_give_the_same_page(report: StudyReport, every_block: Path, tmp_path: Path) -> None:
    rows = read_rows(every_block).sample(frac=1, random_state=3)
    write_table(tmp_path / ROWS_FILE, rows)
    (tmp_path / "findings.md").write_text((every_block / "findings.md").read_text())
    assert study_report(tmp_path).html == report.html


def test_findings_are_text_not_markup(report: StudyReport) -> None:
    page = report.html
    assert "More <strong>spikes</strong> than &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<td>1</td>" in page


def test_every_figure_tells_what_it_leaves_out(first_report: StudyReport, shipped: pd.DataFrame) -> None:
    rows = shipped[(shipped["epoch_kept"] == "last") & (shipped["epochs"] == 8)]
    counts = rows["status"].value_counts()
    said = {picture.name: picture.left_out for picture in first_report.pictures}
    expected = (
        f"Left out: {len(rows) - counts['ok']} of {len(rows)} rows "
        f"({counts['silent']} silent, {counts['collapsed']} collapsed)."
    )
    for name in ("matched", "pareto-nmnist-on-sparse-core", "layers", "correlation"):
        assert said[name].startswith(expected)
    assert all(said.values())
    assert all(picture.takeaway.endswith(".") for picture in first_report.pictures)


def test_numbers_are_json(report: StudyReport, every_block: Path) -> None:
    told = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    tables = {name: rows for section in told["sections"] for name, rows in section["tables"].items()}
    assert [claim["number"] for claim in tables["claims"]] == [1, 2, 3, 4, 5]
    assert {claim["verdict"] for claim in tables["claims"]} <= {"confirmed", "not confirmed", "different"}
    assert all(set(piece["estimate"]) == {"value", "low", "high"} for c in tables["claims"] for piece in c["evidence"])
    assert len(tables["best-slopes"]) == 9
    assert [best["neuron"] for best in tables["best-neurons"]] == ["lapicque", "leaky"]
    assert sum(line["rows"] for line in tables["inventory"]) == len(read_rows(every_block))


def test_the_page_is_written_as_a_whole(first_report: StudyReport, tmp_path: Path) -> None:
    write_report(first_report, tmp_path / "report.html", None)
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == first_report.html
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_figures_are_drawn(first_report: StudyReport, tmp_path: Path) -> None:
    from choreographer.browsers.chromium import Chromium

    if Chromium.find_browser(skip_local=False) is None:
        pytest.skip("no Chrome or Chromium on this machine")
    write_report(first_report, tmp_path / "report.html", tmp_path / "figures")
    drawn = {path.name: path.read_bytes() for path in (tmp_path / "figures").iterdir()}
    assert set(drawn) == {f"{picture.name}.png" for picture in first_report.pictures}
    assert all(content.startswith(b"\x89PNG\r\n\x1a\n") for content in drawn.values())


def test_without_a_browser_nothing_is_written(
    first_report: StudyReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))
    with pytest.raises(InputError, match="png needs Chrome or Chromium, which was not found"):
        write_report(first_report, tmp_path / "report.html", tmp_path / "figures")
    assert list(tmp_path.iterdir()) == []

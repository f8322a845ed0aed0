"""The documentation builds without a warning, and its pages are all in the menu."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from .pages import REPOSITORY

REFERENCE = sorted((REPOSITORY / "docs" / "reference").glob("*.md"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=REPOSITORY,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr
    return folder


def test_the_data_card_is_taken_in_from_beside_the_data(site: Path) -> None:
    assert "one row per network" in (site / "data-card" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", REFERENCE, ids=lambda page: page.stem)
def test_the_reference_holds_every_public_function_and_class(page: Path, site: Path) -> None:
    (name,) = re.findall(r"^::: (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    package = import_module(name)
    shown = (site / "reference" / page.stem / "index.html").read_text(encoding="utf-8")
    for public in package.__all__:
        thing = getattr(package, public)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert f'id="{name}.{public}"' in shown


def test_the_reference_has_a_page_for_every_part() -> None:
    source = REPOSITORY / "src" / "spikecast"
    parts = {path.parent.name for path in source.glob("[!_]*/__init__.pyi")}
    further = {"spikecast", "predictor.fit", "predictor.probe", "snn.live"}
    assert {page.stem for page in REFERENCE} == parts | further


def test_a_constant_and_a_field_are_described(site: Path) -> None:
    front = (site / "reference" / "spikecast" / "index.html").read_text(encoding="utf-8")
    assert "side of the input frame in pixels (&gt;= 8 and &lt;= 128)" in front
    advise = (site / "reference" / "advise" / "index.html").read_text(encoding="utf-8")
    assert 'id="spikecast.advise.CANDIDATES"' in advise


def test_every_page_is_in_the_menu() -> None:
    menu = (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8")
    for page in (REPOSITORY / "docs").rglob("*.md"):
        assert page.relative_to(REPOSITORY / "docs").as_posix() in menu


def test_the_citation_names_this_version() -> None:
    citation = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == version("spikecast")

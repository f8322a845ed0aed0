"""Every block of the documentation runs, and prints what the page shows."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from .pages import REPOSITORY, Workplace, agrees, blocks_of, pages

FIT = REPOSITORY / "docs" / "commands" / "fit.md"


def try_page(page: Path, folder: Path) -> None:
    """Run the blocks of a page in a folder, and compare what they print with what it shows."""
    with Workplace(folder) as workplace:
        for block in blocks_of(page):
            for line, shown, printed in workplace.run(block):
                assert agrees(shown, printed), f"{block.where}: {line}\n{printed}\ninstead of\n{shown}"


@pytest.mark.parametrize(
    "page", [page for page in pages() if page != FIT], ids=lambda page: page.relative_to(REPOSITORY).as_posix()
)
def test_what_a_page_says_is_so(page: Path, tmp_path: Path) -> None:
    try_page(page, tmp_path)


def test_the_page_about_fitting_makes_the_shipped_model(tmp_path: Path) -> None:
    try_page(FIT, tmp_path)
    again, shipped = (
        pd.json_normalize(json.loads((bundle / "manifest.json").read_text())["targets"])
        for bundle in (tmp_path / "my-model", REPOSITORY / "models" / "default")
    )
    assert not shipped.empty
    # Without fused multiply-add, ranks and percentiles of a few errors differ by up to 7e-5: another order of two
    # networks that are all but equal, another end of a search for length scales.
    pd.testing.assert_frame_equal(again, shipped, rtol=1e-3)


def test_a_page_that_is_wrong_is_found_out() -> None:
    assert agrees("a  1\n...\nz 2.5\n", "a 1\nb\nc\nz 2.5")
    assert not agrees("a 1\n...\nz 2.5", "a 1\nb\nz 2.6")
    assert not agrees("a 1", "a 1\nb 2")

"""Every block of the documentation runs, and prints what the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from .pages import REPOSITORY, Workplace, agrees, blocks_of, pages


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_what_a_page_says_is_so(page: Path, tmp_path: Path) -> None:
    with Workplace(tmp_path) as workplace:
        for block in blocks_of(page):
            for line, shown, printed in workplace.run(block):
                assert agrees(shown, printed), f"{block.where}: {line}\n{printed}\ninstead of\n{shown}"


def test_a_page_that_is_wrong_is_found_out() -> None:
    assert agrees("a  1\n...\nz 2.5\n", "a 1\nb\nc\nz 2.5")
    assert not agrees("a 1\n...\nz 2.5", "a 1\nb\nz 2.6")
    assert not agrees("a 1", "a 1\nb 2")

"""Write what commands print now into the pages that show it: ``python -m tests.docs.refresh [PAGE...]``.

Output that a page shows in part, with ``...``, is left to its author: it is printed where it no longer agrees.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from .pages import REPOSITORY, Block, Workplace, agrees, blocks_of, pages


def refresh(page: Path) -> None:
    """Run a page and write it anew."""
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, Workplace(Path(folder)) as workplace:
        changed: list[tuple[Block, str]] = []
        for block in blocks_of(page):
            new, at = block.text, 0
            for line, shown, printed in workplace.run(block):
                at, fresh = new.index(shown, at), shown
                if not agrees(shown, printed) and "..." in shown:
                    print(f"{block.where}: {line}\n{printed}")
                elif not agrees(shown, printed):
                    lines = (part.rstrip() for part in printed.strip("\n").splitlines())
                    fresh = "\n".join([*lines, ""])
                new, at = new[:at] + fresh + new[at + len(shown) :], at + len(fresh)
            changed.append((block, new))
    for block, new in reversed(changed):
        text = text[: block.start] + new + text[block.end :]
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for asked in map(Path, sys.argv[1:]) if sys.argv[1:] else pages():
        refresh((REPOSITORY / asked).resolve())

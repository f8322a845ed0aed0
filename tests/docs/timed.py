"""Run a page and say how long each of its blocks took: ``python -m tests.docs.timed README.md``."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from .pages import REPOSITORY, Workplace, agrees, blocks_of


def main(page: Path) -> int:
    """1 if a block printed something else than the page shows."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, Workplace(Path(folder)) as workplace:
        for block in blocks_of(page):
            start = time.perf_counter()
            differing = [line for line, shown, printed in workplace.run(block) if not agrees(shown, printed)]
            seconds = time.perf_counter() - start
            first = block.text.partition("\n")[0]
            print(f"{seconds:8.1f} s  {'differs' if differing else 'as shown':8}  {block.where}  {first}", flush=True)
            wrong += len(differing)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main((REPOSITORY / sys.argv[1]).resolve()))

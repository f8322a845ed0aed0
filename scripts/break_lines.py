"""Break important lines one at a time, in a copy of the repository, and see which test notices each.

    python scripts/break_lines.py

Exits with 1 if one goes unnoticed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


@dataclass(frozen=True)
class Break:
    """A line of ``src/spikecast``, what it becomes, and the tests that ought to notice."""

    file: str
    line: str
    becomes: str
    tests: str


BREAKS = (
    Break(
        "accelerator/timing/conv.py",
        "max(compressed, idle + 1) + 1",
        "compressed + 1",
        "accelerator/test_golden_timing.py",
    ),
    Break(
        "accelerator/timing/fc.py",
        "return self.neurons // self.cores + 1",
        "return -(-self.neurons // self.cores)",
        "accelerator/test_golden_timing.py",
    ),
    Break(
        "accelerator/engine/neurons.py",
        "fired[j] = after > fires_above",
        "fired[j] = after >= fires_above",
        "snn/test_live_parity.py",
    ),
    Break(
        "snn/_export.py",
        "norm.running_var.detach().double() + norm.eps",
        "norm.running_var.detach().double()",
        "snn/test_live_parity.py",
    ),
    Break("rows.py", "% 100 < TEST_PERCENT", "% 100 > TEST_PERCENT", "test_shipped_data.py"),
    Break("characterize/store.py", 'keep="last"', 'keep="first"', "characterize/test_store.py"),
    Break(
        "predictor/fit/held_out.py",
        "[fold_of[group] for group in groups]",
        "np.arange(len(groups)) % count",
        "predictor/test_statistics.py",
    ),
    Break(
        "predictor/intervals.py",
        "(len(ordered) + 1) * COVERAGE",
        "len(ordered) * COVERAGE / 2",
        "predictor/test_statistics.py",
    ),
    Break("predictor/bundle.py", ">= _guard(content).items()", ">= {}.items()", "predictor/test_bundle.py"),
    Break("advise/_pareto.py", "cummax()", "cummin()", "advise/test_front.py"),
)


def main() -> None:
    """Run every break; print the first test that fails."""
    unnoticed = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "spikecast"
        shutil.copytree(REPOSITORY, copy, ignore=shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__"))
        for tests in sorted({broken.tests for broken in BREAKS}):
            if failed := _first_failure(copy, tests):
                sys.exit(f"{failed} fails before anything is broken")
        for broken in BREAKS:
            path = copy / "src" / "spikecast" / broken.file
            whole = path.read_text(encoding="utf-8")
            if broken.line not in whole:
                sys.exit(f"{broken.file} holds no {broken.line!r}: the list here is out of date")
            path.write_text(whole.replace(broken.line, broken.becomes, 1), encoding="utf-8")
            noticed = _first_failure(copy, broken.tests)
            path.write_text(whole, encoding="utf-8")
            unnoticed += noticed is None
            print(f"{broken.file}: {broken.line}  ->  {broken.becomes}\n    {noticed or 'NOT NOTICED'}", flush=True)
    sys.exit(unnoticed > 0)


def _first_failure(copy: Path, tests: str) -> str | None:
    """The test that fails first; None if all pass."""
    # Numba keeps what it compiled even if a function that it calls, in another file, has changed.
    for kept in copy.rglob("*.nbi"):
        kept.unlink()
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", f"tests/{tests}"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": f"{copy}/src:{copy}/cli"},
        capture_output=True,
        text=True,
        check=False,
    )
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", found.stdout, re.MULTILINE)
    return failed[1] if failed else None


if __name__ == "__main__":
    main()

"""Prove that the README works on a machine that has never seen spikecast.

    python scripts/fresh_machine.py [--without-tests]

Makes a clean clone, a clean home and a new environment, runs the README's two commands and then each of its examples,
and prints what each took. Needs git, make and Python.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


def main() -> None:
    """Exit with 1 at the first step that fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without-tests", action="store_true", help="install what tests need, but run none")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, clone = Path(folder) / "home", Path(folder) / "spikecast"
        home.mkdir()
        environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "PYTHON": sys.executable,
            # Where packages come from is the machine's own affair.
            **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
        }

        def run(command: str) -> None:
            start = time.perf_counter()
            done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, check=False)
            print(f"== {time.perf_counter() - start:7.1f} s  {command}", flush=True)
            if done.returncode:
                sys.exit(f"failed with exit code {done.returncode}: {command}")

        run(f"git clone --quiet {REPOSITORY} spikecast")
        run("make -C spikecast predict")
        print(f"== core install: {_packages(clone)} packages, {_megabytes(clone / '.venv'):.0f} MB")
        run("make -C spikecast .venv/.test" if asked.without_tests else "make -C spikecast test")
        print(f"== with everything: {_packages(clone)} packages, {_megabytes(clone / '.venv'):.0f} MB")
        run("cd spikecast && .venv/bin/python -m tests.docs.timed README.md")


def _packages(clone: Path) -> int:
    return len(list(clone.glob(".venv/lib/python*/site-packages/*.dist-info")))


def _megabytes(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*")) / 1e6


if __name__ == "__main__":
    main()

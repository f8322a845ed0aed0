"""A space of tiny networks that train in a moment, and the store that one uninterrupted serial run makes of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from spikecast.accelerator import load_hardware
from spikecast.characterize.runner import local_processes, run
from spikecast.characterize.space import load_space
from spikecast.characterize.store import Store
from spikecast.rows import read_rows, read_traces

#: 120 trials.
TINY = """
name: tiny
blocks:
  - fixed: {architecture: FC10, input_size: 8, timesteps: 1, epochs: 1}
    grid: {slope: [1, 2, 4, 8, 16, 32], threshold: [0.2, 0.4, 0.6, 0.8]}
    seeds: [0, 1, 2, 3, 4]
"""
#: What differs between two runs of the same trial.
TIMINGS = ["train_seconds", "simulate_seconds"]


@pytest.fixture(scope="session")
def tiny_space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("space") / "tiny.yaml"
    path.write_text(TINY)
    return path


@pytest.fixture(scope="session")
def serial_store(tiny_space: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = Store(tmp_path_factory.mktemp("serial"))
    list(run(local_processes(store, load_hardware("sparse-core"), jobs=1), load_space(tiny_space).trials()))
    store.compact()
    return store.folder


@pytest.fixture(scope="session")
def same_store() -> Callable[[Path, Path], None]:
    """Asserts that two stores are equal row for row, timing columns aside."""

    def check(first: Path, second: Path) -> None:
        pd.testing.assert_frame_equal(*(read_rows(folder).drop(columns=TIMINGS) for folder in (first, second)))
        pd.testing.assert_frame_equal(*(read_traces(folder) for folder in (first, second)))

    return check


@pytest.fixture(scope="session")
def command(tiny_space: Path) -> Callable[..., list[str]]:
    """The command line that runs the tiny space into a folder, in a process of its own."""

    def arguments(out: Path, *options: str) -> list[str]:
        script = "if __name__ == '__main__': from spikecast_cli.main import main; main()"
        return [
            *(sys.executable, "-c", script, "characterize", "--space", str(tiny_space), "--out", str(out)),
            *options,
        ]

    return arguments


@pytest.fixture(scope="session")
def one_thread() -> dict[str, str]:
    """An environment in which no library starts threads of its own."""
    return os.environ | {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}

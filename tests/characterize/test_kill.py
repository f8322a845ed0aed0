"""Killed twenty times at random moments: nothing finished is lost, and only what is missing runs again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

from spikecast.characterize.store import finished_keys, finished_rows
from spikecast.rows import ROWS_FILE, TRACES_FILE, read_rows, read_traces

KILLS = 20
#: Options of a run that stops early by itself, and merges what it has into the tables.
BUDGET = ("--budget", "0.3s")

#: Imports and compiles once, then forks for every command line it reads, so that a start takes no time:
#: ``processes`` runs of it on the same store, in a process group of their own.
STARTER = """
import json, os, sys
import rich.progress, spikecast.characterize.runner
from spikecast.accelerator import load_hardware
from spikecast.characterize.trial import run_trial
from spikecast.choices import TrainingChoices
from spikecast_cli.main import main
tiny = TrainingChoices(architecture="FC10", input_size=8, timesteps=1, epochs=1)
run_trial(tiny, load_hardware("sparse-core"))
for line in sys.stdin:
    arguments, out, processes = json.loads(line)
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        for _ in range(processes - 1):
            os.fork()
        sys.argv = arguments
        main()
    print(pid, flush=True)
    os.waitpid(pid, 0)
    print("ended", flush=True)
"""


def read_whole(folder: Path) -> dict[str, float]:
    """Training seconds of every finished trial; every file must read whole."""
    for path in (folder / "trials").glob("*.json"):
        assert set(json.loads(path.read_text())) == {"row", "traces"}
    if (folder / ROWS_FILE).exists():
        keys = set(read_rows(folder)["key"])
        assert keys <= set(read_traces(folder)["key"])
    rows = finished_rows(folder)
    assert set(rows["key"]) == finished_keys(folder)
    return dict(zip(rows["key"], rows["train_seconds"], strict=True))


def wait_for_trials(number: int, folder: Path, known: Collection[str], printed: Path) -> None:
    """Until so many trials are finished that were not known, or the run has ended and printed what it did."""
    finished: set[str] = set()
    patience = time.monotonic() + 300
    while len(finished) < number and not (printed.exists() and printed.stat().st_size):
        assert time.monotonic() < patience
        finished |= {path.stem for path in (folder / "trials").glob("*.json")} - set(known)
        time.sleep(0.005)


def test_killed_twenty_times(
    tmp_path: Path,
    command: Callable[..., list[str]],
    serial_store: Path,
    same_store: Callable[[Path, Path], None],
    one_thread: dict[str, str],
) -> None:
    out, printed = tmp_path / "data", tmp_path / "printed"
    moments = random.Random(0)
    with subprocess.Popen(
        [sys.executable, "-c", STARTER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=one_thread | {"NUMBA_THREADING_LAYER": "workqueue"},
    ) as starter:
        assert starter.stdin is not None
        assert starter.stdout is not None
        write, read = starter.stdin.write, starter.stdout.readline

        def start(processes: int, *options: str) -> int:
            printed.unlink(missing_ok=True)
            arguments = command(out, "--json", *options)[2:]
            write(json.dumps([arguments, str(printed), processes]) + "\n")
            starter.stdin.flush()  # type: ignore[union-attr]
            return int(read())

        # How long a run takes here that stops early by itself.
        begun = time.monotonic()
        start(1, *BUDGET)
        assert read() == "ended\n"
        seconds = time.monotonic() - begun
        kept = read_whole(out)
        progressed = 0
        for kill in range(KILLS):
            if kill % 2:
                # Some of these kills fall into the merging of the tables.
                group = start(2, *BUDGET)
                time.sleep(moments.uniform(0, seconds))
            else:
                group = start(2)
                wait_for_trials(moments.randint(0, 4), out, kept.keys(), printed)
                time.sleep(moments.uniform(0, 0.05))
            # A run may have ended by itself.
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
            assert read() == "ended\n"
            found = read_whole(out)
            assert kept.items() <= found.items()
            progressed += len(found) > len(kept)
            kept = found
        assert progressed >= 3
        start(1)
        assert read() == "ended\n"
        starter.stdin.close()
    assert json.loads(printed.read_text())["ran"] == 120 - len(kept)
    assert kept.items() <= read_whole(out).items()
    same_store(out, serial_store)
    assert (out / TRACES_FILE).exists()

"""Trials on a real cluster over TCP, of which one worker is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("distributed")


def wait_for(happened: Callable[[], object]) -> None:
    until = time.monotonic() + 50
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_killed_worker_loses_no_trial(
    tmp_path: Path,
    command: Callable[..., list[str]],
    serial_store: Path,
    same_store: Callable[[Path, Path], None],
    one_thread: dict[str, str],
) -> None:
    out, address_file = tmp_path / "data", tmp_path / "scheduler.json"
    python, quiet = [sys.executable, "-m"], {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    started = [
        subprocess.Popen([*python, *scheduler, "--scheduler-file", str(address_file)], **quiet)  # type: ignore[call-overload]
    ]
    try:
        wait_for(lambda: address_file.exists() and address_file.stat().st_size)
        address = json.loads(address_file.read_text())["address"]
        worker = [*python, "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        for number in range(2):
            own = ["--local-directory", str(tmp_path / f"worker{number}")]
            started.append(subprocess.Popen([*worker, *own], env=one_thread, **quiet))  # type: ignore[call-overload]
        time.sleep(4)
        client = subprocess.Popen(
            command(out, "--backend", "dask", "--scheduler", address, "--json"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=one_thread,
        )
        wait_for(lambda: len(list(out.glob("trials/*.json"))) >= 5)
        os.kill(started[1].pid, signal.SIGKILL)
        assert client.poll() is None
        printed, said = client.communicate(timeout=50)
    finally:
        for process in started:
            process.kill()
            process.wait()
    assert client.returncode == 0, said
    assert json.loads(printed)["ran"] == 120
    same_store(out, serial_store)

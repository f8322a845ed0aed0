"""Trials on a real cluster over TCP, whose processes are killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from spikecast.characterize.dask_backend import connect
from spikecast.characterize.store import finished_keys
from spikecast.errors import InputError

pytest.importorskip("distributed")

#: No machine is so slow.
PATIENCE_S = 300


@dataclass(frozen=True)
class Cluster:
    """A scheduler at ``address`` and the processes of its two workers."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: tuple[subprocess.Popen[bytes], ...]


def wait_for(happened: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture
def cluster(tmp_path: Path, one_thread: dict[str, str]) -> Iterator[Cluster]:
    started: list[subprocess.Popen[bytes]] = []

    def start(module: str, *options: object) -> subprocess.Popen[bytes]:
        line = [sys.executable, "-m", f"distributed.cli.{module}", *map(str, options), "--no-dashboard"]
        started.append(subprocess.Popen(line, env=one_thread, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        return started[-1]

    address_file = tmp_path / "scheduler.json"
    try:
        scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", 0, "--scheduler-file", address_file)
        wait_for(lambda: address_file.exists() and address_file.stat().st_size)
        address = json.loads(address_file.read_text())["address"]
        own = ("--nthreads", 1, "--no-nanny", "--local-directory")
        workers = tuple(start("dask_worker", address, *own, tmp_path / f"worker{number}") for number in range(2))
        with connect(address, 1) as client:
            client.wait_for_workers(2, timeout=PATIENCE_S)
        yield Cluster(address, scheduler, workers)
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.fixture
def running(
    cluster: Cluster, tmp_path: Path, command: Callable[..., list[str]], one_thread: dict[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """A run on the cluster into ``data`` that has finished a few of its trials."""
    out = tmp_path / "data"
    process = subprocess.Popen(
        command(out, "--backend", "dask", "--scheduler", cluster.address, "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=one_thread,
    )
    wait_for(lambda: len(list(out.glob("trials/*.json"))) >= 5)
    assert process.poll() is None
    yield process
    process.kill()
    process.wait()


def test_a_killed_worker_loses_no_trial(
    cluster: Cluster,
    running: subprocess.Popen[str],
    tmp_path: Path,
    serial_store: Path,
    same_store: Callable[[Path, Path], None],
) -> None:
    os.kill(cluster.workers[0].pid, signal.SIGKILL)
    printed, said = running.communicate(timeout=PATIENCE_S)
    assert running.returncode == 0, said
    assert json.loads(printed)["ran"] == 120
    same_store(tmp_path / "data", serial_store)


def test_a_killed_scheduler_ends_the_run_in_one_line_and_the_next_one_goes_on(
    cluster: Cluster,
    running: subprocess.Popen[str],
    tmp_path: Path,
    command: Callable[..., list[str]],
    serial_store: Path,
    same_store: Callable[[Path, Path], None],
) -> None:
    os.kill(cluster.scheduler.pid, signal.SIGKILL)
    _, said = running.communicate(timeout=PATIENCE_S)
    assert running.returncode == 2
    assert "the dask scheduler went away; finished trials are kept" in said.splitlines()[-1]
    assert "Traceback" not in said
    out = tmp_path / "data"
    kept = len(finished_keys(out))
    assert 5 <= kept < 120
    again = subprocess.run(command(out, "--json"), capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    assert json.loads(again.stdout)["ran"] == 120 - kept
    same_store(out, serial_store)


def test_a_scheduler_that_never_answers_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(InputError, match=f"no dask scheduler answers at {address} within 5 s"), connect(address, 1):
            pass


def test_without_distributed_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"--backend dask needs distributed.*spikecast\[cluster\]"), connect(None, 1):
        pass

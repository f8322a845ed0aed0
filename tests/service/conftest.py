"""A running service: without a network in between, or as the process that ``spikecast serve`` starts."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from spikecast.service.app import create_app

_PATIENCE_S = 120


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    with TestClient(create_app()) as client:
        yield client


@dataclass(frozen=True)
class Served:
    """A process and where it listens."""

    process: subprocess.Popen[str]
    url: str


Serve = Callable[..., Served]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts ``spikecast serve`` with some options, or Python with a ``program`` that is given a port; waits until it
    listens, and kills it after the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*options: str | Path, program: Sequence[str] = (), **environment: str) -> Served:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [Path(sys.executable).with_name("spikecast"), "serve", "--port", str(port), *options]
        if program:
            command = [sys.executable, *program, str(port)]
        process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL, text=True)
        started.append(process)
        served = Served(process, f"http://127.0.0.1:{port}")
        _wait_until_it_listens(served)
        return served

    yield start
    for process in started:
        process.kill()
        process.wait()


def _wait_until_it_listens(served: Served) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        try:
            httpx2.get(f"{served.url}/healthz")
        except httpx2.ConnectError:
            assert served.process.poll() is None, "it ended"
            time.sleep(0.05)
        else:
            return
    raise AssertionError("it does not listen")

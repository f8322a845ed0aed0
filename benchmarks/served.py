"""A real ``spikecast serve`` with one worker, in a process of its own."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

_PATIENCE_S = 120


@dataclass(frozen=True)
class Service:
    """Where it listens, and which process it is."""

    port: int
    pid: int

    @property
    def resident_bytes(self) -> int:
        """Memory that the service holds now; Linux alone tells it this way."""
        told = Path(f"/proc/{self.pid}/status").read_text()
        return 1024 * int(re.findall(r"VmRSS:\s+(\d+)", told)[0])

    @property
    def cpu_s(self) -> float:
        """Processor time that the service has taken."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100


@contextmanager
def service() -> Iterator[Service]:
    """Started and ready; stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("spikecast"), "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/readyz", process)
        yield Service(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    begun = time.monotonic()
    while True:
        try:
            urlopen(address).close()
            return
        except URLError:
            if process.poll() is not None or time.monotonic() - begun > _PATIENCE_S:
                raise
            time.sleep(0.1)

"""Load on an HTTP service from one cheap process: open connections, each of which asks as soon as it is answered."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Load:
    """What came back.

    Attributes:
        seconds: time that each request took that was answered with 200.
        statuses: answers by status; ``dropped`` are connections that ended without one.
        unclear: answers 503 without Retry-After.
        wall_s: time that all of it took.
    """

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int | str] = field(default_factory=Counter)
    unclear: int = 0
    wall_s: float = 0.0

    @property
    def rate(self) -> float:
        """Answers 200 a second."""
        return len(self.seconds) / self.wall_s

    def milliseconds(self, percent: float) -> float:
        """A percentile of the time that an answer took; NaN if there was none."""
        return 1e3 * float(np.percentile(self.seconds, percent)) if self.seconds else math.nan

    @property
    def answers(self) -> int:
        """Of any status."""
        return sum(self.statuses.values())


def load(
    port: int,
    connections: int,
    request: Callable[[], bytes],
    *,
    until: Callable[[Load], bool],
    obedient: bool = False,
) -> Load:
    """Ask over some connections at once until there is enough.

    Args:
        port: on this machine.
        connections: kept open, one request at a time on each.
        request: gives the bytes of the next request.
        until: whether what came back is enough.
        obedient: whoever is turned away waits as long as Retry-After says; otherwise it asks again at once.
    """
    return asyncio.run(_load(port, connections, request, until, obedient))


async def _load(
    port: int, connections: int, request: Callable[[], bytes], until: Callable[[Load], bool], obedient: bool
) -> Load:
    found, begun = Load(), time.perf_counter()

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while not until(found):
            sent = time.perf_counter()
            writer.write(request())
            status, headers = _read(await reader.readuntil(b"\r\n\r\n"))
            await reader.readexactly(int(headers[b"content-length"]))
            if status == 200:
                found.seconds.append(time.perf_counter() - sent)
            found.wall_s = time.perf_counter() - begun
            found.statuses[status] += 1
            found.unclear += status == 503 and b"retry-after" not in headers
            if obedient and b"retry-after" in headers:
                await asyncio.sleep(int(headers[b"retry-after"]))
        writer.close()

    for ended in await asyncio.gather(*(connection() for _ in range(connections)), return_exceptions=True):
        if isinstance(ended, (OSError, EOFError)):
            found.statuses["dropped"] += 1
        elif ended is not None:
            raise ended
    return found


def _read(head: bytes) -> tuple[int, dict[bytes, bytes]]:
    first, *lines = head[:-4].split(b"\r\n")
    pairs = (line.partition(b":") for line in lines)
    return int(first.split(b" ", 2)[1]), {name.lower(): value.strip() for name, _, value in pairs}


def post(path: str, body: bytes, content: str = "application/json", accept: str = "application/json") -> bytes:
    """The bytes of a request."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: {content}\r\naccept: {accept}\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body

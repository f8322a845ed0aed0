"""Measure the service over loopback: requests a second, latency, rows a second, memory, and what overload brings.

    python benchmarks/service.py --json FILE

``spikecast serve`` runs with one worker in a process of its own, this one asks. No question is asked twice. Nothing is
asserted.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from http_load import Load, load, post
from measuring import Cell, Tables, spread
from reporting import report
from served import Service, service

CONNECTIONS = (1, 16, 64)
#: Far more than the service lets in at once.
_CROWD = 1_000
_ROWS = 10_000
_MEGABYTE = 2**20


def main(
    seconds: Annotated[float, typer.Option(min=1, help="how long each number of connections is measured")] = 15,
    rounds: Annotated[int, typer.Option(min=1, help="batches of each kind")] = 5,
    requests: Annotated[int, typer.Option(min=10, help="requests over which memory is followed")] = 10_000,
    json_file: Annotated[Path | None, typer.Option("--json", help="also write the figures to this file")] = None,
) -> None:
    """Measure the service."""
    report(_parts(seconds, rounds, requests), rounds, json_file)


def _parts(seconds: float, rounds: int, requests: int) -> Iterator[Tables]:
    with service() as served:
        load(served.port, 16, _predict(), until=_after(3))
        yield _rates(served, seconds)
        yield _batches(served, rounds)
        yield _overload(served, seconds)
    # Overload leaves buffers behind: memory is followed in a process that saw none.
    with service() as served:
        yield _memory(served, requests)


def _rates(served: Service, seconds: float) -> Tables:
    rows: list[dict[str, Cell]] = []
    for connections in CONNECTIONS:
        before = served.cpu_s
        found = load(served.port, connections, _predict(), until=_after(seconds))
        rows.append(
            {
                "connections": connections,
                "requests/s": found.rate,
                "p50, ms": found.milliseconds(50),
                "p99, ms": found.milliseconds(99),
                "service's CPU, ms a request": 1e3 * (served.cpu_s - before) / found.answers,
                "answers": _answers(found),
            }
        )
    return {"POST /v1/predict, one worker": rows}


def _batches(served: Service, rounds: int) -> Tables:
    rng = random.Random(1)

    def as_json() -> bytes:
        return post("/v1/predict/batch", json.dumps({"rows": [_choices(rng) for _ in range(_ROWS)]}).encode())

    def as_csv() -> bytes:
        asked = [_choices(rng) for _ in range(_ROWS)]
        lines = [",".join(asked[0]), *(",".join(map(str, row.values())) for row in asked)]
        return post("/v1/predict/batch", "\n".join(lines).encode(), "text/csv", "text/csv")

    rows: list[dict[str, Cell]] = []
    for kind, request in (("JSON", as_json), ("CSV", as_csv)):
        # The first loads what later ones find loaded.
        load(served.port, 1, request, until=lambda found: found.answers > 0)
        found = load(served.port, 1, request, until=lambda found: found.answers >= rounds)
        rates = spread([_ROWS / taken for taken in found.seconds or [math.inf]])
        rows.append({"body": kind, "rows": _ROWS, "rows/s": rates, "answers": _answers(found)})
    return {"POST /v1/predict/batch": rows}


def _overload(served: Service, seconds: float) -> Tables:
    rows: list[dict[str, Cell]] = []
    for who, obedient in (("waits as Retry-After says", True), ("asks again at once", False)):
        found = load(served.port, _CROWD, _predict(), until=_after(seconds), obedient=obedient)
        alone = load(served.port, 1, _predict(), until=_after(3))
        rows.append(
            {
                "whoever is turned away": who,
                "answers": _answers(found),
                "200 a second": found.rate,
                "503 without Retry-After": found.unclear,
                "p50 alone afterwards, ms": alone.milliseconds(50),
            }
        )
    return {f"Overload: {_CROWD:,} connections": rows}


def _memory(served: Service, requests: int) -> Tables:
    rows: list[dict[str, Cell]] = []
    for share in range(11):
        if share:
            load(served.port, 16, _predict(share), until=lambda found: found.answers >= requests // 10)
        rows.append({"requests": share * (requests // 10), "resident MB": served.resident_bytes / _MEGABYTE})
    return {"Memory of the service": rows}


def _predict(seed: int = 0) -> Callable[[], bytes]:
    rng = random.Random(seed)
    return lambda: post("/v1/predict", json.dumps({"choices": _choices(rng)}).encode())


def _choices(rng: random.Random) -> dict[str, Any]:
    return {
        "surrogate": rng.choice(("fast_sigmoid", "atan", "spike_rate_escape")),
        "slope": round(rng.uniform(0.5, 20), 4),
        "neuron": rng.choice(("leaky", "lapicque")),
        "beta": round(rng.uniform(0.3, 0.9), 4),
        "threshold": round(rng.uniform(0.5, 1.5), 4),
    }


def _after(seconds: float) -> Callable[[Load], bool]:
    end = time.monotonic() + seconds
    return lambda _: time.monotonic() > end


def _answers(found: Load) -> str:
    return ", ".join(f"{count:,} x {status}" for status, count in sorted(found.statuses.items(), key=str))


if __name__ == "__main__":
    typer.run(main)

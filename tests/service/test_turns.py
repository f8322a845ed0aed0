"""Clients have a thread for long work in turn, and work that nobody waits for ends."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from fastapi.testclient import TestClient

from spikecast.service import Settings, create_app
from spikecast.service.running import Turns


def test_who_asks_for_much_waits_for_it() -> None:
    order: list[str] = []

    async def ask() -> None:
        turns = Turns("test")
        asked = [("a", f"a{number}") for number in range(4)] + [("b", "b0"), ("c", "c0"), ("b", "b1")]
        await asyncio.gather(*(turns.run(client, lambda name=name: order.append(name)) for client, name in asked))
        turns.close()

    asyncio.run(ask())
    assert order == ["a0", "a1", "b0", "c0", "a2", "b1", "a3"]


def test_who_gives_up_leaves_the_turn_to_others() -> None:
    done: list[str] = []

    async def ask() -> None:
        turns, going = Turns("test"), threading.Event()
        running = asyncio.create_task(turns.run("a", going.wait))
        waiting = asyncio.create_task(turns.run("b", lambda: done.append("never")))
        await asyncio.sleep(0)
        waiting.cancel()
        running.cancel()
        last = asyncio.create_task(turns.run("c", lambda: done.append("c")))
        await asyncio.sleep(0)
        going.set()
        await last
        turns.close()

    asyncio.run(ask())
    assert done == ["c"]


def test_a_turn_given_to_whoever_leaves_at_that_moment_is_not_lost() -> None:
    async def ask() -> str:
        turns = Turns("test")
        leaving = asyncio.create_task(turns.run("a", lambda: "a"))
        await asyncio.sleep(0)
        leaving.cancel()
        return await asyncio.wait_for(turns.run("b", lambda: "b"), 20)

    assert asyncio.run(ask()) == "b"


def test_a_search_whose_time_is_over_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []

    def search(*_given: object, **_named: object) -> None:
        from spikecast._util.deadline import OutOfTimeError, require_time

        try:
            while True:
                require_time()
                time.sleep(0.01)
        except OutOfTimeError:
            ended.append("ended")
            raise

    monkeypatch.setattr("spikecast.service.api.advice.search", search)
    with TestClient(create_app(Settings(most_seconds=0.3))) as client:
        late = client.post("/v1/recommend", json={"minimize": "latency"})
        assert (late.status_code, late.headers["retry-after"]) == (503, "1")
        for _ in range(200):
            if ended:
                break
            time.sleep(0.05)
    assert ended

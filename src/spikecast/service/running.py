"""What a service is started with, what it holds while it runs, and how its places get at that."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, ParamSpec, TypeVar

from fastapi import Depends, Request

from spikecast.predictor import Prediction, Predictor
from spikecast.service.answering import Batcher, Question, answers
from spikecast.service.jobs import Jobs
from spikecast.service.serving import Serving

Given = ParamSpec("Given")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Settings:
    """How a service behaves.

    Attributes:
        model: predictor bundle; None is the shipped one.
        data: data folder that refits read; None: no refits.
        admin_token: what a refit must show; None: no refits.
        most_bytes: of a batch.
        most_bytes_elsewhere: of any other request's body: checking one takes many times its size of memory.
        most_seconds: of an answer.
        most_silence: seconds between two parts of a request's body.
        most_waiting: requests in flight; further ones are turned away.
        allowed_hosts: names, without a port, that a request may be for; None is any.
    """

    model: Path | None = None
    data: Path | None = None
    admin_token: str | None = None
    most_bytes: int = 8_000_000
    most_bytes_elsewhere: int = 100_000
    most_seconds: float = 30.0
    most_silence: float = 10.0
    most_waiting: int = 256
    allowed_hosts: frozenset[str] | None = None


#: Who asks.
_CLIENT: ContextVar[str] = ContextVar("client", default="")


@contextmanager
def asked_by(client: tuple[str, int] | None) -> Iterator[None]:
    """Let the block's long work be that of this address; all whose address is unknown are one client."""
    token = _CLIENT.set(client[0] if client else "")
    try:
        yield
    finally:
        _CLIENT.reset(token)


class Turns:
    """A thread for long work, which clients have in turn: who asks for much waits for it, not everybody else."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, name)
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        self._taken = False

    async def run(self, client: str, work: Callable[[], Found]) -> Found:
        """Do work once it is the client's turn; the caller may give up before, and it is never begun."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(turn)
        self._give()
        try:
            await turn
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            # Work whose caller gave up ends by itself, see ``spikecast._util.deadline``; the next waits in the thread.
            if not turn.cancelled():
                self._taken = False
                self._give()

    def close(self) -> None:
        """Let the thread end; what has begun is finished."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _give(self) -> None:
        """Give the thread to the client whose last turn is longest ago."""
        while self._waiting and not self._taken:
            client, turns = next(iter(self._waiting.items()))
            del self._waiting[client]
            turn = turns.popleft()
            if turns:
                self._waiting[client] = turns
            # Whoever waited may have gone.
            if not turn.done():
                turn.set_result(None)
                self._taken = True


@dataclass(frozen=True)
class Running:
    """What requests share.

    Attributes:
        settings: what the service was started with.
        serving: the predictor that answers.
        jobs: refits; None where the settings allow none.
        batcher: answers single predictions.
        search, batch, explanation: for long work. Two searches at once would slow each other down, and
            every single prediction with them; so would two batches or two explanations.
    """

    settings: Settings
    serving: Serving
    jobs: Jobs | None
    batcher: Batcher[Question, Prediction] = field(default_factory=lambda: Batcher(answers))
    search: Turns = field(default_factory=lambda: Turns("search"))
    batch: Turns = field(default_factory=lambda: Turns("batch"))
    explanation: Turns = field(default_factory=lambda: Turns("explanation"))

    @classmethod
    def start(cls, settings: Settings) -> Running:
        """Load the model; this takes seconds."""
        jobs = None
        if settings.model is not None and settings.data is not None and settings.admin_token is not None:
            jobs = Jobs(settings.model)
        return cls(settings, Serving(settings.model), jobs)

    def close(self) -> None:
        """Let the threads end; what has begun is finished."""
        self.batcher.close()
        for turns in (self.search, self.batch, self.explanation):
            turns.close()


async def beside(turns: Turns, work: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
    """Do long work in a thread, beside the event loop, when it is this client's turn."""
    return await turns.run(_CLIENT.get(), partial(copy_context().run, partial(work, *given, **named)))


async def _running(request: Request) -> Running:
    held: Running = request.app.state.running
    return held


CurrentRunning = Annotated[Running, Depends(_running)]


async def _serving(held: CurrentRunning) -> Serving:
    return held.serving


CurrentServing = Annotated[Serving, Depends(_serving)]


async def _predictor(serving: CurrentServing) -> Predictor:
    return serving.predictor


CurrentPredictor = Annotated[Predictor, Depends(_predictor)]

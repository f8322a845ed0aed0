"""What a service is started with, what it holds while it runs, and how its places get at that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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


@dataclass(frozen=True)
class Running:
    """What requests share.

    Attributes:
        settings: what the service was started with.
        serving: the predictor that answers.
        jobs: refits; None where the settings allow none.
        batcher: answers single predictions.
        search, batch, explanation: a thread each for long work. Two searches at once would slow each other down, and
            every single prediction with them; so would two batches or two explanations.
    """

    settings: Settings
    serving: Serving
    jobs: Jobs | None
    batcher: Batcher[Question, Prediction] = field(default_factory=lambda: Batcher(answers))
    search: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "search"))
    batch: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "batch"))
    explanation: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "explanation"))

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
        for thread in (self.search, self.batch, self.explanation):
            thread.shutdown(wait=False, cancel_futures=True)


async def beside(
    thread: ThreadPoolExecutor, work: Callable[Given, Found], *given: Given.args, **named: Given.kwargs
) -> Found:
    """Do long work in a thread, beside the event loop."""
    return await asyncio.get_running_loop().run_in_executor(thread, partial(work, *given, **named))


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

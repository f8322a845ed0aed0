"""The application: its places, its limits, and the model that answers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from importlib.metadata import version

from fastapi import FastAPI
from threadpoolctl import threadpool_limits

from spikecast.service import page
from spikecast.service.api import advice, batch, catalogue, health, predict, refits
from spikecast.service.guard import Guard
from spikecast.service.problem import answer_with_problems, problems
from spikecast.service.running import Running, Settings
from spikecast.service.serving import Serving

#: How often the model's folder is looked at: another process may have put a new bundle there.
_LOOK_S = 1.0


def create_app(settings: Settings | None = None) -> FastAPI:
    """A service with these settings, ready for an ASGI server."""
    settings = settings or Settings()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        running = app.state.running = await asyncio.to_thread(Running.start, settings)
        looking = asyncio.create_task(_look(running.serving))
        # An answer's matrices are small: threads of linear algebra that wait for each other cost nearly half its time.
        with threadpool_limits(1, user_api="blas"):
            yield
        looking.cancel()
        running.close()

    app = FastAPI(
        title="spikecast",
        version=version("spikecast"),
        description="Predicts sparsity, latency, energy and accuracy of spiking neural networks on event-driven "
        "hardware, from their training choices alone.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        responses=problems(400, 408, 413, 414, 421, 431, 503),
    )
    answer_with_problems(app)
    for places in (predict, batch, advice, catalogue, refits, health):
        app.include_router(places.router)
    app.include_router(page.router)
    app.mount("/static", page.static)
    app.add_middleware(Guard, settings=settings)
    return app


async def _look(serving: Serving) -> None:
    while True:
        await asyncio.sleep(_LOOK_S)
        await asyncio.to_thread(serving.refresh)

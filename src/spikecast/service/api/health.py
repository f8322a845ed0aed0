"""GET /healthz, /readyz and /metrics, for what watches the service."""

from __future__ import annotations

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from spikecast.service.monitoring import READY
from spikecast.service.problem import UnavailableError
from spikecast.service.running import CurrentServing

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process is alive."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz(serving: CurrentServing) -> dict[str, str]:
    """There is a model to answer with, and its folder holds a readable one."""
    READY.set(serving.trouble is None)
    if serving.trouble is not None:
        raise UnavailableError(serving.trouble)
    return {"status": "ready", "data_sha256": serving.manifest["data"]["sha256"]}


@router.get("/metrics", response_class=Response)
async def metrics(serving: CurrentServing) -> Response:
    """Prometheus' text format."""
    READY.set(serving.trouble is None)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

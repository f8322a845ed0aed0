"""POST /v1/recommend and /v1/sensitivity, GET /v1/pareto: questions that take thousands of predictions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from spikecast.advise import pareto as search_front, recommend as search, sensitivity as sweep
from spikecast.service.monitoring import ROWS
from spikecast.service.problem import JSON, problems, reads
from spikecast.service.running import CurrentPredictor, CurrentRunning, beside
from spikecast.service.schemas import ParetoQuery, RecommendRequest, SensitivityRequest, given, machine

router = APIRouter(tags=["advice"], dependencies=[reads(JSON)], responses=problems(400, 415, 422))


@router.post("/v1/recommend")
async def recommend(body: RecommendRequest, running: CurrentRunning, predictor: CurrentPredictor) -> dict[str, Any]:
    """What to train: the choices that are predicted to do best within limits."""
    found = await beside(
        running.search,
        search,
        predictor,
        minimize=body.minimize,
        maximize=body.maximize,
        min_accuracy=body.min_accuracy,
        max_latency_us=body.max_latency_us,
        fixed=given(body.fixed),
        hardware=body.hardware,
        top=body.top,
        candidates=body.candidates,
    )
    ROWS.labels("recommend").inc(found.tried)
    return found.to_dict()


@router.post("/v1/sensitivity")
async def sensitivity(body: SensitivityRequest, running: CurrentRunning, predictor: CurrentPredictor) -> dict[str, Any]:
    """One choice swept: a prediction for each of its values."""
    found = await beside(
        running.search,
        sweep,
        predictor,
        body.of,
        given(body.choices),
        hardware=body.hardware,
        low=body.low,
        high=body.high,
        points=body.points,
    )
    ROWS.labels("sensitivity").inc(len(found.table))
    return found.to_dict()


@router.get("/v1/pareto")
async def pareto(
    query: Annotated[ParetoQuery, Query()], running: CurrentRunning, predictor: CurrentPredictor
) -> dict[str, Any]:
    """The predicted front of accuracy against a cost."""
    found = await beside(
        running.search,
        search_front,
        predictor,
        cost=query.cost,
        fixed=given(query),
        hardware=machine(query.hardware),
        candidates=query.candidates,
    )
    ROWS.labels("pareto").inc(found.tried)
    return found.to_dict()

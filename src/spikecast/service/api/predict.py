"""POST /v1/predict."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter

from spikecast.choices import TrainingChoices
from spikecast.predictor import Explanation, Prediction
from spikecast.service.answering import Batcher, Question
from spikecast.service.api.context import CurrentPredictor
from spikecast.service.metrics import ROWS
from spikecast.service.problem import problems
from spikecast.service.schemas import PredictRequest, given

router = APIRouter(tags=["predict"])

#: One explanation at a time: it may ask thousands of questions, and must not slow every single prediction down.
_explanations = ThreadPoolExecutor(1, "explanation")


@dataclass(frozen=True)
class Answer(Prediction):
    """A prediction; ``warnings`` name what is allowed but unlikely to be meant."""

    warnings: tuple[str, ...] = ()
    explanation: Explanation | None = None


_ANSWER = TypeAdapter(Answer)


@router.post("/v1/predict", response_model=Answer, responses=problems(400, 422))
async def predict(request: Request, body: PredictRequest, predictor: CurrentPredictor) -> Response:
    """What to expect of one network before it is trained."""
    named = given(body.choices)
    choices = TrainingChoices(**named)
    batcher: Batcher[Question, Prediction] = request.app.state.batcher
    prediction = await batcher.ask(Question(predictor, choices, body.hardware))
    explanation = None
    if body.explain:
        explain = partial(predictor.explain, named, body.hardware)
        explanation = await asyncio.get_running_loop().run_in_executor(_explanations, explain)
    ROWS.labels("predict").inc()
    answer = Answer(**vars(prediction), warnings=choices.warnings, explanation=explanation)
    return Response(_ANSWER.dump_json(answer), media_type="application/json")

"""POST /v1/predict."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Response
from pydantic import TypeAdapter

from spikecast.choices import TrainingChoices
from spikecast.predictor import Explanation, Prediction
from spikecast.service.answering import Question
from spikecast.service.monitoring import ROWS
from spikecast.service.problem import JSON, problems, reads
from spikecast.service.running import CurrentPredictor, CurrentRunning, beside
from spikecast.service.schemas import PredictRequest, given

router = APIRouter(tags=["predict"], dependencies=[reads(JSON)])


@dataclass(frozen=True)
class Answer(Prediction):
    """A prediction; ``warnings`` name what is allowed but unlikely to be meant."""

    warnings: tuple[str, ...] = ()
    explanation: Explanation | None = None


_ANSWER = TypeAdapter(Answer)


@router.post("/v1/predict", response_model=Answer, responses=problems(400, 415, 422))
async def predict(body: PredictRequest, running: CurrentRunning, predictor: CurrentPredictor) -> Response:
    """What to expect of one network before it is trained."""
    named = given(body.choices)
    choices = TrainingChoices(**named)
    prediction = await running.batcher.ask(Question(predictor, choices, body.hardware))
    explanation = None
    if body.explain:
        explanation = await beside(running.explanation, predictor.explain, named, body.hardware)
    ROWS.labels("predict").inc()
    answer = Answer(**vars(prediction), warnings=choices.warnings, explanation=explanation)
    return Response(_ANSWER.dump_json(answer), media_type=JSON)

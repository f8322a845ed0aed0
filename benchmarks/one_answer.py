"""Part a: one prediction in a process that has made some before, and where its time goes."""

from __future__ import annotations

from functools import partial

from answer_stages import stages
from measuring import Settings, Tables, interleaved, spread
from questions import questions

from spikecast import Predictor, TrainingChoices
from spikecast.predictor.questions import Questions

_WARM_UP = 300
_AT_ONCE = 50


def tables(settings: Settings) -> Tables:
    predictor = Predictor.load()
    asked = [TrainingChoices(**row) for row in questions(_WARM_UP).to_dict("records")]
    for choices in asked:
        predictor.predict(choices)
    calls = {"whole": partial(_all, predictor, asked[:_AT_ONCE])}
    seconds = interleaved(calls, settings.rounds)["whole"] / _AT_ONCE
    parts = interleaved(stages(predictor, Questions.of(asked[:1])), settings.rounds)
    row = {"ms an answer": spread(1e3 * seconds)} | {name: spread(1e3 * taken) for name, taken in parts.items()}
    return {"a. One prediction in process, warm; the stages of one in ms": [row]}


def _all(predictor: Predictor, asked: list[TrainingChoices]) -> None:
    for choices in asked:
        predictor.predict(choices)

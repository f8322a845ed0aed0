"""Single predictions, those that wait together answered at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from spikecast.accelerator.hardware import Hardware
from spikecast.choices import TrainingChoices
from spikecast.predictor import Prediction, Predictor


@dataclass(frozen=True)
class Question:
    """One network on one hardware, for the predictor of the moment it was asked."""

    predictor: Predictor
    choices: TrainingChoices
    hardware: Hardware


def answers(questions: Sequence[Question]) -> list[Prediction | Exception]:
    """The answer to each question, or why there is none."""
    together: dict[tuple[int, int], list[int]] = defaultdict(list)
    for position, question in enumerate(questions):
        together[id(question.predictor), id(question.hardware)].append(position)
    found: dict[int, Prediction | Exception] = {}
    for positions in together.values():
        found |= zip(positions, _alike([questions[position] for position in positions]), strict=True)
    return [found[position] for position in range(len(questions))]


def _alike(questions: Sequence[Question]) -> Sequence[Prediction | Exception]:
    """Questions for one predictor and one hardware."""
    first = questions[0]
    try:
        return first.predictor.predict_many([question.choices for question in questions], first.hardware)
    except Exception as error:
        if len(questions) == 1:
            return [error]
    # One of them has no answer: it shall not cost the others theirs.
    return [answer for question in questions for answer in _alike([question])]

"""Single predictions: those that wait together are answered at once, as four take little longer than one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from spikecast.accelerator.hardware import Hardware
from spikecast.choices import TrainingChoices
from spikecast.predictor import Prediction, Predictor

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Batcher(Generic[Asked, Answer]):
    """Collects questions while others are answered, in a thread of its own beside the event loop.

    Args:
        answer: answers to some questions, in order; an exception in place of an answer is raised where it was asked.
        most: questions that are answered at once; beyond the default, more bring nothing but longer waits.
    """

    def __init__(self, answer: Callable[[Sequence[Asked]], Sequence[Answer | Exception]], most: int = 16) -> None:
        self._answer = answer
        self._most = most
        # asyncio's own threads may all be taken by longer work.
        self._thread = ThreadPoolExecutor(1, "answers")
        self._waiting: list[tuple[Asked, asyncio.Future[Answer]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def ask(self, question: Asked) -> Answer:
        """The answer to one question."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, future))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await future

    def close(self) -> None:
        """Let the thread end; what has begun is finished."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                answers = await loop.run_in_executor(self._thread, self._answer, [question for question, _ in batch])
            except Exception as error:
                answers = [error] * len(batch)
            for (_, future), answer in zip(batch, answers, strict=True):
                # Whoever asked may have gone.
                if future.done():
                    continue
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)


@dataclass(frozen=True)
class Question:
    """One network on one hardware, for the predictor of the moment it was asked."""

    predictor: Predictor
    choices: TrainingChoices
    hardware: Hardware

    def goes_with(self, other: Question) -> bool:
        """Whether one call of the predictor can answer both."""
        return self.predictor is other.predictor and self.hardware == other.hardware


def answers(questions: Sequence[Question]) -> list[Prediction | Exception]:
    """The answer to each question, or why there is none."""
    found: dict[int, Prediction | Exception] = {}
    for position, question in enumerate(questions):
        if position not in found:
            alike = [other for other in range(position, len(questions)) if question.goes_with(questions[other])]
            found |= zip(alike, _answers_alike([questions[other] for other in alike]), strict=True)
    return [found[position] for position in range(len(questions))]


def _answers_alike(questions: Sequence[Question]) -> Sequence[Prediction | Exception]:
    """Questions for one predictor and one hardware."""
    first = questions[0]
    try:
        return first.predictor.predict_many([question.choices for question in questions], first.hardware)
    except Exception as error:
        if len(questions) == 1:
            return [error]
    # One of them has no answer: it shall not cost the others theirs.
    return [answer for question in questions for answer in _answers_alike([question])]

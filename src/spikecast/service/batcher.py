"""Answer questions that wait together at once: four answers take little longer than one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Batcher(Generic[Question, Answer]):
    """Collects questions while others are answered, in a thread of its own beside the event loop.

    Args:
        answer: answers to some questions, in order; an exception in place of an answer is raised where it was asked.
        most: questions that are answered at once; beyond the default, more bring nothing but longer waits.
    """

    def __init__(self, answer: Callable[[Sequence[Question]], Sequence[Answer | Exception]], most: int = 16) -> None:
        self._answer = answer
        self._most = most
        # asyncio's own threads may all be taken by longer work.
        self._thread = ThreadPoolExecutor(1, "answers")
        self._waiting: list[tuple[Question, asyncio.Future[Answer]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def ask(self, question: Question) -> Answer:
        """The answer to one question."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, future))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await future

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

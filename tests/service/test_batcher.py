"""Questions that wait together are answered at once, each with its own answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import pytest

from spikecast.service.batcher import Batcher


def test_answers_find_their_questions() -> None:
    sizes: list[int] = []

    def doubled(numbers: Sequence[int]) -> list[int | Exception]:
        sizes.append(len(numbers))
        time.sleep(0.02)
        return [ValueError(str(number)) if number % 10 == 3 else 2 * number for number in numbers]

    async def ask() -> list[int | BaseException]:
        batcher = Batcher(doubled, most=8)
        return await asyncio.gather(*(batcher.ask(number) for number in range(30)), return_exceptions=True)

    found = asyncio.run(ask())
    for number, answer in enumerate(found):
        assert str(answer) == (str(number) if number % 10 == 3 else str(2 * number))
    assert sum(sizes) == 30
    assert max(sizes) == 8


def test_a_failure_is_everybodys_and_the_next_question_is_answered() -> None:
    def broken(numbers: Sequence[int]) -> list[int | Exception]:
        if 0 in numbers:
            raise RuntimeError("broken")
        return list(numbers)

    async def ask() -> int:
        batcher = Batcher(broken)
        with pytest.raises(RuntimeError, match="broken"):
            await batcher.ask(0)
        gone = asyncio.create_task(batcher.ask(1))
        await asyncio.sleep(0)
        gone.cancel()
        return await batcher.ask(2)

    assert asyncio.run(ask()) == 2

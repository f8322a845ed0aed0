"""Questions that wait together are answered at once, each with its own answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import cast

import pytest

from spikecast.accelerator import Hardware, load_hardware
from spikecast.choices import TrainingChoices
from spikecast.predictor import Predictor
from spikecast.service.answering import Batcher, Question, answers


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


class Fragile:
    """A predictor that breaks at a threshold of 3, and answers with thresholds."""

    def predict_many(self, all_choices: Sequence[TrainingChoices], _hardware: Hardware) -> list[float]:
        if any(choices.threshold == 3 for choices in all_choices):
            raise RuntimeError("a bug")
        return [choices.threshold for choices in all_choices]


def test_a_bug_costs_the_others_nothing() -> None:
    hardware, predictor = load_hardware("sparse-core"), cast(Predictor, Fragile())
    asked = [Question(predictor, TrainingChoices(threshold=threshold), hardware) for threshold in (1, 3, 2)]
    first, broken, last = answers(asked)
    assert (first, last) == (1, 2)
    assert isinstance(broken, RuntimeError)

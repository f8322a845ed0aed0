"""Search spaces: YAML that says which training choices to try, read, drawn from, and written.

A space is a list of blocks. A block is a grid or a Sobol sequence of choices, each with some seeds.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from spikecast._util.arrays import Array
from spikecast._util.files import whole_file
from spikecast._util.yaml_file import load_yaml
from spikecast.choices import CHOICES, TrainingChoices
from spikecast.errors import InputError
from spikecast.ranges import Numbers, sobol

#: Of a block: more are never trained, and laying them out takes minutes, then all memory.
MOST_POINTS = 100_000


class Range(BaseModel):
    """A numeric choice between ``low`` and ``high``, drawn evenly, or evenly in its logarithm."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: float = Field(allow_inf_nan=False)
    high: float = Field(allow_inf_nan=False)
    log: bool = False
    whole: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low < self.high or (self.log and self.low <= 0):
            raise ValueError(f"range {self.low:g} to {self.high:g} is empty, or has no logarithm")
        return self

    @property
    def numbers(self) -> Numbers:
        """The values that it stands for."""
        return Numbers(self.low, self.high, self.log, self.whole)


class Sobol(BaseModel):
    """``points`` quasi-random points; a shorter sequence of the same seed is a prefix of a longer one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    points: int = Field(ge=1, le=MOST_POINTS)
    seed: int = Field(0, ge=0)
    ranges: dict[str, Range | Annotated[list[Any], Field(min_length=1)]] = Field(max_length=len(CHOICES))

    def configurations(self) -> list[dict[str, Any]]:
        """The choices of every point, in the order of the sequence."""
        exponent = (self.points - 1).bit_length()
        columns = {
            name: _values(span, shares)
            for (name, span), shares in zip(
                self.ranges.items(), sobol(len(self.ranges), exponent, self.seed).T, strict=True
            )
        }
        return [{name: values[point] for name, values in columns.items()} for point in range(self.points)]


def _values(span: Range | list[Any], shares: Array) -> list[Any]:
    """Values at shares of a range or a list, as plain numbers."""
    if isinstance(span, Range):
        values: list[Any] = span.numbers.rounded(shares).tolist()
        return values
    return [span[int(share * len(span))] for share in shares]


class Repeats(BaseModel):
    """The first ``points`` configurations of a block again, with other seeds: they measure the seed's own noise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    points: int = Field(ge=1)
    seeds: list[int]


class Block(BaseModel):
    """One part of a space: a grid or a Sobol sequence, over choices that are otherwise fixed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grid: dict[str, Annotated[list[Any], Field(min_length=1)]] | None = None
    sobol: Sobol | None = None
    fixed: dict[str, Any] = Field(default_factory=dict)
    seeds: list[int] = Field(default=[0], min_length=1)
    repeats: Repeats | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.grid is None) == (self.sobol is None):
            raise ValueError("a block is either a grid or a sobol sequence")
        points = math.prod(map(len, self.grid.values())) if self.grid is not None else 0
        if points > MOST_POINTS:
            raise ValueError(f"a grid of {points:,} points is too large: {MOST_POINTS:,} at most")
        if "seed" in {*self.fixed, *(self.grid or {}), *(self.sobol.ranges if self.sobol else {})}:
            raise ValueError("seed is no choice of a block: give seeds: [0, 1, ...] beside grid or sobol")
        return self

    def configurations(self) -> list[dict[str, Any]]:
        """Choices without a seed."""
        if self.sobol is not None:
            varied = self.sobol.configurations()
        else:
            assert self.grid is not None
            varied = [dict(zip(self.grid, values, strict=True)) for values in itertools.product(*self.grid.values())]
        return [{**self.fixed, **choices} for choices in varied]

    def trials(self) -> list[TrainingChoices]:
        """All choices with their seeds, repeats last."""
        configurations = self.configurations()
        trials = [TrainingChoices(**c, seed=seed) for c in configurations for seed in self.seeds]
        if self.repeats is not None:
            repeated = configurations[: self.repeats.points]
            trials += [TrainingChoices(**c, seed=seed) for c in repeated for seed in self.repeats.seeds]
        return trials


class Space(BaseModel):
    """A named list of blocks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    description: str = ""
    blocks: list[Block] = Field(min_length=1)

    def trials(self) -> list[TrainingChoices]:
        """All trials without duplicates, one of each block in turn, so that an interrupted run is balanced.

        Raises:
            InputError: a choice is unknown or out of range; the message names the block.
        """
        per_block = []
        for number, block in enumerate(self.blocks, start=1):
            try:
                per_block.append(block.trials())
            except InputError as error:
                raise InputError(f"space {self.name}, block {number}: {error}") from None
        in_turn = itertools.chain.from_iterable(itertools.zip_longest(*per_block))
        return list({trial.key: trial for trial in in_turn if trial is not None}.values())


def load_space(path: Path) -> Space:
    """Read a space from YAML.

    Raises:
        InputError: the file is missing, not YAML, or not a space.
    """
    return load_yaml(path, "space", Space)


def write_space(path: Path, name: str, description: str, trials: Sequence[TrainingChoices]) -> None:
    """Write a space of exactly these trials, in their order, as a whole or not at all.

    Every choice is spelled out, so that the trials stay the same should a default change.

    Raises:
        InputError: the file cannot be written.
    """
    blocks = [
        {"fixed": choices.model_dump(exclude={"seed"}), "grid": {}, "seeds": [choices.seed]} for choices in trials
    ]
    content = {"name": name, "description": description, "blocks": blocks}
    text = yaml.safe_dump(content, sort_keys=False, default_flow_style=None, width=120, allow_unicode=True)
    try:
        with whole_file(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write a space to {path}: {error.strerror}: use another path") from None

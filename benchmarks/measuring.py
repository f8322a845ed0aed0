"""Timings taken side by side, and the tables that show them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Settings:
    """How long to measure, and where trained weights are kept (None: train every time)."""

    rounds: int
    quick: bool
    cache: Path | None


@dataclass(frozen=True)
class Spread:
    """Median and range of a figure over the rounds."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{_short(self.median)} ({_short(self.low)}..{_short(self.high)})"


Cell = str | int | float | Spread
#: Tables by their titles; a table is a list of rows, its columns named by the first row.
Tables = dict[str, list[dict[str, Cell]]]


def spread(values: ArrayLike) -> Spread:
    array = np.asarray(values, np.float64)
    return Spread(float(np.median(array)), float(array.min()), float(array.max()))


def interleaved(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, NDArray[np.float64]]:
    """Seconds of every call in every round: A, B, A, B, ..., so that a busy moment of the machine meets all of them.

    Each is called once before, untimed: compiled code is loaded and memory touched.
    """
    for call in calls.values():
        call()
    seconds = {name: np.empty(rounds) for name in calls}
    for i in range(rounds):
        for name, call in calls.items():
            seconds[name][i] = seconds_of(call)
    return seconds


def seconds_of(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def shown(cell: Cell) -> str:
    """A cell as text."""
    return _short(cell) if isinstance(cell, float) else f"{cell:,}" if isinstance(cell, int) else str(cell)


def _short(value: float) -> str:
    """Three digits that count, whole numbers from 100 on."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"

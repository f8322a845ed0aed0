"""A time by which work must be done: whoever waits sets it, and long work asks between two of its blocks."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_END: ContextVar[float] = ContextVar("end", default=math.inf)


class OutOfTimeError(Exception):
    """Nobody waits for this work any longer."""


@contextmanager
def done_within(seconds: float) -> Iterator[None]:
    """Let the block, and what runs in a copy of its context, take so long."""
    token = _END.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _END.reset(token)


def require_time() -> None:
    """End work whose time is over.

    Raises:
        OutOfTimeError: it is.
    """
    if time.monotonic() > _END.get():
        raise OutOfTimeError("the time for an answer is over: ask for less at once")

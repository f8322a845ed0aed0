"""What a service is started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """How a service behaves.

    Attributes:
        model: predictor bundle; None is the shipped one.
        data: data folder that refits read; None: no refits.
        admin_token: what a refit must show; None: no refits.
        most_bytes: of a batch.
        most_bytes_elsewhere: of any other request's body: checking one takes many times its size of memory.
        most_seconds: of an answer.
        most_waiting: requests in flight; further ones are turned away.
    """

    model: Path | None = None
    data: Path | None = None
    admin_token: str | None = None
    most_bytes: int = 8_000_000
    most_bytes_elsewhere: int = 100_000
    most_seconds: float = 30.0
    most_waiting: int = 256

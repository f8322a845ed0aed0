"""How far a characterization is, read from its folder while it may be running."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from spikecast.characterize.locks import Claims
from spikecast.characterize.store import finished_rows, require_store
from spikecast.rows import ROWS_FILE, TRIALS_FOLDER

_HOUR = 3600.0


@dataclass(frozen=True)
class Status:
    """What a store holds and what is happening to it.

    Attributes:
        statuses: finished trials by their status.
        train_seconds: training time of all finished trials together.
        finished_last_hour: trials whose files are younger than an hour and not yet merged into the tables.
        newest_finish: when a trial was last finished or merged, in seconds since 1970; None: never.
        running: trials that some process works on now.
    """

    statuses: dict[str, int]
    train_seconds: float
    finished_last_hour: int
    newest_finish: float | None
    running: int

    @property
    def done(self) -> int:
        """Finished trials of any status."""
        return sum(self.statuses.values())

    @property
    def failed(self) -> int:
        """Finished trials that broke."""
        return self.statuses.get("failed", 0)


def status_of(folder: Path) -> Status:
    """How far the store in ``folder`` is. Writes nothing to it.

    Raises:
        InputError: there is no such folder, it is no store, or its table is damaged.
    """
    require_store(folder)
    table = folder / ROWS_FILE
    finishes = list(_finish_times(folder))
    recent = sum(finish > time.time() - _HOUR for finish in finishes)
    if table.exists():
        finishes.append(table.stat().st_mtime)
    rows = finished_rows(folder)
    return Status(
        {str(status): int(count) for status, count in sorted(Counter(rows["status"]).items())},
        float(rows["train_seconds"].astype(float).sum()) if "train_seconds" in rows else 0.0,
        recent,
        max(finishes, default=None),
        Claims(folder).running(),
    )


def _finish_times(folder: Path) -> Iterator[float]:
    for path in (folder / TRIALS_FOLDER).glob("*.json"):
        with suppress(FileNotFoundError):
            yield path.stat().st_mtime

"""Refits in the background: each in a process of its own, its progress in a file that every worker can read.

What the process prints, a traceback above all, lies beside that file under the same name, ``.log``.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
import threading
import uuid
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from spikecast._util.files import locked, whole_file

_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_KILLED = "its process ended without a word; the model before it is still there"


class BusyError(Exception):
    """A refit runs already."""


@dataclass(frozen=True)
class Job:
    """One refit.

    Attributes:
        id: 32 hex digits.
        state: running, done or failed.
        stage: what it is doing, or did last.
        began, told: when it began, and when this was told; ISO 8601.
        reason: why it failed.
    """

    id: str
    state: Literal["running", "done", "failed"]
    stage: str
    began: str
    told: str
    reason: str | None = None


class Jobs:
    """The refits of one model, in a hidden folder beside it; one at a time, however many workers there are."""

    def __init__(self, model: Path) -> None:
        self._model = model.resolve()
        self._folder = self._model.parent / f".{self._model.name}.jobs"
        self._lock = self._folder / "lock"

    def start(self, data: Path) -> Job:
        """Begin a refit on the rows of a data folder; it goes on whether or not this process does.

        Raises:
            BusyError: one runs already.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not locked(lock, fcntl.LOCK_EX):
                raise BusyError
            self._bury()
            job = Job(uuid.uuid4().hex, "running", "starting", _now(), _now())
            self._write(job)
            command = [sys.executable, "-m", "spikecast.service.refit", job.id, str(data.resolve()), str(self._model)]
            with (self._folder / f"{job.id}.log").open("wb") as log:
                # The lock goes along: it is free again when the process has ended, however it ended.
                child = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    pass_fds=[lock],
                )
        finally:
            os.close(lock)
        # Whoever starts a process must hear of its end, or it stays in the system's table.
        threading.Thread(target=child.wait, daemon=True).start()
        return job

    def find(self, job_id: str) -> Job | None:
        """A job by its id."""
        if not _ID.fullmatch(job_id):
            return None
        try:
            job = self._read(job_id)
        except FileNotFoundError:
            return None
        if job.state == "running" and not self._any_runs():
            # It may have ended, and said so, between the two looks.
            return _buried(self._read(job_id))
        return job

    def update(self, job_id: str, **news: Any) -> None:
        """Write what is new of a job."""
        self._write(replace(self._read(job_id), told=_now(), **news))

    def _bury(self) -> None:
        """Close every job that no process runs any more, before another holds the lock in its place."""
        for path in self._folder.glob("*.json"):
            job = self._read(path.stem)
            if job.state == "running":
                self._write(_buried(job))

    def _read(self, job_id: str) -> Job:
        return Job(**json.loads((self._folder / f"{job_id}.json").read_text(encoding="utf-8")))

    def _any_runs(self) -> bool:
        lock = os.open(self._lock, os.O_RDWR)
        try:
            return not locked(lock, fcntl.LOCK_SH)
        finally:
            os.close(lock)

    def _write(self, job: Job) -> None:
        with whole_file(self._folder / f"{job.id}.json") as temporary:
            temporary.write_text(json.dumps(asdict(job)), encoding="utf-8")


def _buried(job: Job) -> Job:
    """A job whose process has ended."""
    return replace(job, state="failed", reason=_KILLED) if job.state == "running" else job


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")

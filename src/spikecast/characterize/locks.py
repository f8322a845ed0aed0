"""Which trials of a store are in work, so that no two runs train the same one; and a store that cannot be written.

A claim on a trial is the operating system's lock on ``claims/<key>.lock``: it ends with the process that holds it,
however that process ends.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from spikecast._util.files import locked
from spikecast.errors import InputError


class Claims:
    """The claims on the trials of one store folder, by this and by other processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "claims"

    def take(self, key: str) -> FileLock | None:
        """Claim a trial until ``release()``; None where another process holds it.

        Raises:
            InputError: the disk is full, or the folder cannot be written.
        """
        with writing_to(self._folder.parent):
            self._folder.mkdir(exist_ok=True)
            lock = FileLock(self._folder / f"{key}.lock")
            try:
                lock.acquire(blocking=False)
            except Timeout:
                return None
        return lock

    @contextmanager
    def taken(self, key: str) -> Iterator[bool]:
        """Hold the claim on a trial for the block; False where another process holds it."""
        lock = self.take(key)
        try:
            yield lock is not None
        finally:
            if lock is not None:
                lock.release()

    def running(self) -> int:
        """Number of trials that some process holds now. Writes nothing, and needs to read alone."""
        return sum(_held(path) for path in self._folder.glob("*.lock"))

    def clear(self, finished: set[str]) -> None:
        """Remove the lock files of finished trials: nobody needs to claim those again."""
        for path in self._folder.glob("*.lock"):
            if path.stem in finished:
                path.unlink(missing_ok=True)


def _held(path: Path) -> bool:
    """Whether some process has the lock on a file."""
    try:
        with path.open("rb") as file:
            return not locked(file.fileno(), fcntl.LOCK_SH)
    except FileNotFoundError:
        return False


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Turn a full disk or a folder that cannot be written into an InputError."""
    try:
        yield
    except OSError as error:
        raise InputError(
            f"cannot write to {folder}: {error.strerror or error}; finished trials in it are kept: "
            "make room or choose another --out, and run again"
        ) from None

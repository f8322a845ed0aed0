"""The operating system's lock on an open file."""

from __future__ import annotations

import fcntl


def locked(file: int, how: int) -> bool:
    """Take the lock of an open file, ``fcntl.LOCK_EX`` or ``LOCK_SH``, if nobody holds it; it ends with the file."""
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

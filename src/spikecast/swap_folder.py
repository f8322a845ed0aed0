"""A folder takes another's place in one step, so that whoever looks, and whenever the program dies, finds one whole."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from pathlib import Path

_FROM_WORKING_FOLDER = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE
#: The system, or the file system that the folders lie on, cannot exchange.
_NOT_OFFERED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}
_OCCUPIED = {errno.ENOTEMPTY, errno.EEXIST}


def swap_in(new: Path, place: Path) -> None:
    """Put the folder ``new`` at ``place``, on the same file system; a folder that was there is removed.

    Every file is on disk before it can be seen. Where folders can be exchanged (Linux), ``place`` holds either folder
    whole at any moment. Elsewhere the old one is renamed aside first, to ``.<name>.old``: for an instant nothing is at
    ``place``, and a program that dies then leaves the old folder aside.
    """
    for path in (*new.rglob("*"), new):
        _to_disk(path)
    try:
        # Succeeds where nothing or an empty folder is in the way.
        new.rename(place)
    except OSError as error:
        if error.errno not in _OCCUPIED:
            raise
        old = new if exchange(new, place) else _rename_both(new, place)
        _to_disk(place.parent)
        shutil.rmtree(old, ignore_errors=True)
    else:
        _to_disk(place.parent)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders swap names in one step; False, and nothing done, where that is not offered.

    Raises:
        OSError: it is offered, and failed.
    """
    # Python has no wrapper; C libraries other than those of Linux have no such function.
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    here = _FROM_WORKING_FOLDER
    if rename(here, os.fsencode(one), here, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_OFFERED:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))


def _rename_both(new: Path, place: Path) -> Path:
    """The fallback; returns where the old folder is now."""
    aside = place.with_name(f".{place.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    place.rename(aside)
    try:
        new.rename(place)
    except OSError:
        aside.rename(place)
        raise
    return aside


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

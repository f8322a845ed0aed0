"""Files and folders: written as a whole or not at all, locked, put in another's place, asked for, and shipped.

Whenever the program dies, whoever looks finds one whole file or folder, the old one or the new.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spikecast.errors import InputError

#: Writing takes seconds: a hidden file that is older than an hour was left by a program that died.
_ABANDONED_S = 3600.0
_SUFFIX = ".part"
_FROM_WORKING_FOLDER = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE
#: The system, or the file system that the folders lie on, cannot exchange.
_NOT_OFFERED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}
_OCCUPIED = {errno.ENOTEMPTY, errno.EEXIST}
_PACKAGE = Path(__file__).parents[1]
_CHECKOUT = _PACKAGE.parent.parent


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a hidden file beside ``path`` to write to; it takes the place of ``path`` once it is on disk.

    If the block raises, the hidden file is removed and ``path`` stays as it was.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=_SUFFIX)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def clear_parts(folder: Path) -> None:
    """Remove what programs that died while they wrote left in ``folder``."""
    for path in folder.glob(f".*{_SUFFIX}"):
        if time.time() - path.stat().st_mtime > _ABANDONED_S:
            path.unlink(missing_ok=True)


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


def exchange(first: Path, second: Path) -> bool:
    """Let two folders swap names in one step; False, and nothing done, where that is not offered.

    Raises:
        OSError: it is offered, and failed.
    """
    # Python has no wrapper; C libraries other than those of Linux have no such function.
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    here = _FROM_WORKING_FOLDER
    if rename(here, os.fsencode(first), here, os.fsencode(second), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_OFFERED:
        return False
    raise OSError(number, os.strerror(number), str(first), None, str(second))


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


def locked(file: int, how: int) -> bool:
    """Take the lock of an open file, ``fcntl.LOCK_EX`` or ``LOCK_SH``, if nobody holds it; it ends with the file."""
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def require_file_path(path: Path, what: str, *suffixes: str) -> None:
    """Check that a file can have this path.

    Args:
        what: the file holds, with its article: ``a figure``.
        suffixes: that its name may end in.

    Raises:
        InputError: another suffix, a folder of that name, or a folder that is missing.
    """
    if path.suffix not in suffixes:
        raise InputError(f"cannot write {what} to {path}: use a name that ends in {' or '.join(suffixes)}")
    if path.is_dir():
        raise InputError(f"cannot write {what} to {path}: it is a folder: use another name")
    if not path.parent.is_dir():
        raise InputError(f"cannot write {what} to {path}: there is no folder {path.parent}: make it first")


def require_folder_path(path: Path, what: str) -> None:
    """Check that a folder can have this path, or has it.

    Raises:
        InputError: it is a file, or a folder above it is missing.
    """
    if path.exists() and not path.is_dir():
        raise InputError(f"cannot write {what} to {path}: it is a file: use another name")
    if not path.parent.is_dir():
        raise InputError(f"cannot write {what} to {path}: there is no folder {path.parent}: make it first")


def shipped_path(relative: str) -> Path:
    """Path of a shipped file or folder such as ``models/default``; it need not exist."""
    installed = _PACKAGE / "shipped" / relative
    return installed if installed.exists() else _CHECKOUT / relative

"""Files that are there as a whole or not at all, whenever the program dies."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Writing takes seconds: a hidden file that is older than an hour was left by a program that died.
_ABANDONED_S = 3600.0
_SUFFIX = ".part"


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

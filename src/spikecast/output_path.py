"""Where output may go: asked before anything is computed for it."""

from __future__ import annotations

from pathlib import Path

from spikecast.errors import InputError


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

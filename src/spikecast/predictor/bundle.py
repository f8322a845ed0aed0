"""A predictor on disk: files of plain numbers, and a manifest that names and guards every one of them.

Layout: ``manifest.json``, ``manifest.sha256`` (its digest), ``references.npz`` and ``measured.npz``, ``outcome.json``,
two files per role of layers, and two per target that has a model of its own. Nothing in a bundle can execute code when
it is read. A bundle is never changed: a new one takes its place as a whole.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spikecast._util.files import swap_in
from spikecast.errors import InputError
from spikecast.predictor.manifest import FORMAT, parse_manifest

MANIFEST = "manifest.json"
DIGEST = "manifest.sha256"
#: Writing takes seconds: a staging folder that is older than a day was left by a program that died.
_ABANDONED_S = 24 * 3600.0


@dataclass(frozen=True)
class HeldFile:
    """One file in memory, read as a path is."""

    content: bytes

    def read_bytes(self) -> bytes:
        return self.content

    def read_text(self, encoding: str) -> str:
        return self.content.decode(encoding)


@dataclass(frozen=True)
class HeldFiles:
    """A bundle's files in memory: what was checked is what is used, whatever happens on disk meanwhile.

    Attributes:
        folder: where they lay; for errors alone.
        contents: by name.
    """

    folder: Path
    contents: Mapping[str, bytes]

    def __truediv__(self, name: str) -> HeldFile:
        """Find a file as in a folder, ``files / "measured.npz"``.

        Raises:
            InputError: the bundle holds no such file.
        """
        if name not in self.contents:
            raise InputError(f"predictor bundle {self.folder} lists no {name}: fit again")
        return HeldFile(self.contents[name])


def write_bundle(out: Path, staged: Path, manifest: dict[str, Any]) -> None:
    """Add the manifest to the files in ``staged`` and swap the folder in at ``out``.

    Raises:
        InputError: ``out`` exists and is not a bundle, or cannot be written.
    """
    files = {path.name: _guard(path.read_bytes()) for path in sorted(staged.iterdir())}
    text = json.dumps({"format": FORMAT, **manifest, "files": files}, indent=2, allow_nan=False) + "\n"
    require_replaceable(out)
    with _refused_by_the_system(out):
        (staged / MANIFEST).write_text(text, encoding="utf-8")
        (staged / DIGEST).write_text(_sha256(text.encode()) + "\n", encoding="utf-8")
        swap_in(staged, out.resolve())


def require_replaceable(out: Path) -> None:
    """Check that writing a bundle to ``out`` would destroy nothing else.

    Raises:
        InputError: ``out`` exists and is neither a bundle nor an empty folder.
    """
    if out.exists() and not (out / MANIFEST).is_file() and (out.is_file() or any(out.iterdir())):
        raise InputError(f"{out} exists and is not a predictor bundle: choose another --out")


def staging_folder(out: Path) -> Path:
    """A new, empty folder beside ``out``, so that it can take its place; abandoned ones are cleared away.

    Raises:
        InputError: there can be no such folder.
    """
    out = out.resolve()
    with _refused_by_the_system(out):
        return _staging_folder(out)


def _staging_folder(out: Path) -> Path:
    out.parent.mkdir(parents=True, exist_ok=True)
    for left in out.parent.glob(f".{glob.escape(out.name)}.new.*"):
        # Another program may be clearing it away as well.
        with contextlib.suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _ABANDONED_S:
                discard(left)
    folder = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.new."))
    folder.chmod(0o755)
    return folder


def discard(staged: Path) -> None:
    """Remove a staging folder that was not swapped in."""
    shutil.rmtree(staged, ignore_errors=True)


def read_bundle(folder: Path) -> tuple[dict[str, Any], HeldFiles]:
    """Read a bundle's manifest and files, each file checked against the manifest.

    All come from one bundle, even if another takes its place meanwhile.

    Raises:
        InputError: a file is missing, changed or not listed, or the bundle is of a format that this program does not
            read.
    """
    while True:
        # Held open, the folder stays the same one, whatever its name comes to mean.
        handle = _opened(folder)
        try:
            return _read_all(folder, handle)
        except InputError:
            if _is_still(folder, handle):
                raise
            # It was replaced and is being removed: the new one is whole.
        finally:
            os.close(handle)


def _read_all(folder: Path, handle: int) -> tuple[dict[str, Any], HeldFiles]:
    raw = _read(folder, handle, MANIFEST)
    if _read(folder, handle, DIGEST).decode("ascii", "replace").strip() != _sha256(raw):
        raise _damaged(folder, MANIFEST)
    manifest = parse_manifest(folder / MANIFEST, raw)
    contents = {name: _read(folder, handle, name) for name in manifest["files"]}
    for name, content in contents.items():
        if not manifest["files"][name].items() >= _guard(content).items():
            raise _damaged(folder, name)
    for name in sorted(os.listdir(handle)):
        # Hidden files are what desktops and file systems leave in folders.
        if name not in {MANIFEST, DIGEST, *contents} and not name.startswith("."):
            raise InputError(f"{folder / name} is no part of the predictor bundle: remove it, or fit again")
    return manifest, HeldFiles(folder, contents)


def _opened(folder: Path) -> int:
    try:
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise InputError(
            f"no predictor bundle at {folder} ({error.strerror}): make one with spikecast fit --out {folder}"
        ) from None


def _is_still(folder: Path, handle: int) -> bool:
    try:
        return os.path.samestat(folder.stat(), os.fstat(handle))
    except OSError:
        return False


def _read(folder: Path, handle: int, name: str) -> bytes:
    try:
        with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=handle), "rb") as file:
            return file.read()
    except OSError as error:
        raise InputError(
            f"predictor bundle {folder} lacks {name} ({error.strerror}): restore it, or fit again"
        ) from None


def _damaged(folder: Path, name: str) -> InputError:
    return InputError(f"{folder / name} was changed since the bundle was written: restore it, or fit again")


@contextlib.contextmanager
def _refused_by_the_system(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot write a predictor bundle to {out}: {error.strerror}") from None


def _guard(content: bytes) -> dict[str, str | int]:
    """A file's entry in the manifest."""
    return {"sha256": _sha256(content), "bytes": len(content)}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

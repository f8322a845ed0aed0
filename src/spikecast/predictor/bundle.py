"""A predictor on disk: files of plain numbers, and a manifest that names and guards every one of them.

Layout: ``manifest.json``, ``manifest.sha256`` (its digest), ``measured.json`` (configurations), ``outcome.npz``,
and one file per target. Nothing in a bundle can execute code when it is read.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from spikecast.errors import InputError

FORMAT = 2
MANIFEST = "manifest.json"
DIGEST = "manifest.sha256"


def write_bundle(out: Path, staged: Path, manifest: dict[str, Any]) -> None:
    """Add the manifest to the files in ``staged`` and swap the folder in at ``out``.

    Raises:
        InputError: ``out`` exists and is not a bundle.
    """
    files = {
        path.name: {"sha256": _sha256(path.read_bytes()), "bytes": path.stat().st_size}
        for path in sorted(staged.iterdir())
    }
    text = json.dumps({"format": FORMAT, **manifest, "files": files}, indent=2, allow_nan=False) + "\n"
    (staged / MANIFEST).write_text(text, encoding="utf-8")
    (staged / DIGEST).write_text(_sha256(text.encode()) + "\n", encoding="utf-8")
    require_replaceable(out)
    if out.exists():
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.old.") as aside:
            out.rename(Path(aside) / "bundle")
            staged.rename(out)
    else:
        staged.rename(out)


def require_replaceable(out: Path) -> None:
    """Check that writing a bundle to ``out`` would destroy nothing else.

    Raises:
        InputError: ``out`` exists and is neither a bundle nor an empty folder.
    """
    if out.exists() and not (out / MANIFEST).is_file() and (out.is_file() or any(out.iterdir())):
        raise InputError(f"{out} exists and is not a predictor bundle: choose another --out")


def staging_folder(out: Path) -> Path:
    """A new, empty folder beside ``out``, so that it can be renamed to it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.new."))
    folder.chmod(0o755)
    return folder


def discard(staged: Path) -> None:
    """Remove a staging folder that was not swapped in."""
    shutil.rmtree(staged, ignore_errors=True)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read a bundle's manifest and check every file against it.

    Raises:
        InputError: a file is missing or changed, or the format is newer than this program.
    """
    if not folder.is_dir():
        raise InputError(f"no predictor bundle at {folder}: make one with spikecast fit --out {folder}")
    raw = _read(folder, MANIFEST)
    if _read(folder, DIGEST).decode("ascii", "replace").strip() != _sha256(raw):
        raise _damaged(folder, MANIFEST)
    manifest: dict[str, Any] = json.loads(raw)
    if manifest["format"] != FORMAT:
        raise InputError(
            f"predictor bundle {folder} has format {manifest['format']}, this program reads {FORMAT}: "
            "upgrade spikecast, or fit again"
        )
    for name, entry in manifest["files"].items():
        if _sha256(_read(folder, name)) != entry["sha256"]:
            raise _damaged(folder, name)
    return manifest


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise InputError(
            f"predictor bundle {folder} lacks {name} ({error.strerror}): restore it, or fit again"
        ) from None


def _damaged(folder: Path, name: str) -> InputError:
    return InputError(f"{folder / name} was changed since the bundle was written: restore it, or fit again")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

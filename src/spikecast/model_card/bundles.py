"""The bundles that there are: those that ship, and those in folders of the user's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from spikecast.errors import InputError
from spikecast.names import unknown_name
from spikecast.predictor.bundle import DIGEST, MANIFEST, read_bundle
from spikecast.shipped import shipped_path


def shipped_models() -> dict[str, Path]:
    """Folders of the bundles that ship, by name."""
    return {folder.name: folder for folder in bundles_in(shipped_path("models"))}


def bundles_in(folder: Path) -> list[Path]:
    """The bundle that ``folder`` is, or those that lie directly in it.

    Raises:
        InputError: there are none.
    """
    if _is_bundle(folder):
        return [folder]
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [path for path in inside if not path.name.startswith(".") and _is_bundle(path)]
    if not found:
        raise InputError(f"no predictor bundle in {folder}: make one with spikecast fit --out {folder}")
    return found


def model_folder(name_or_folder: str) -> Path:
    """A shipped bundle by its name, or any by its folder.

    Raises:
        InputError: it is neither.
    """
    shipped = shipped_models()
    if name_or_folder in shipped:
        return shipped[name_or_folder]
    if not Path(name_or_folder).is_dir():
        raise unknown_name("model", name_or_folder, [*shipped, "or a bundle's folder"])
    return Path(name_or_folder)


def summary(folder: Path) -> dict[str, Any]:
    """What a bundle is in a few words; of one that cannot be read as a whole nothing but ``problem`` is told.

    ``scores`` are by target the first metric of the shipped model in cross-validation; ``bytes`` those of all files but
    the manifest.
    """
    try:
        manifest, _ = read_bundle(folder)
    except InputError as error:
        return {"intact": False, "problem": str(error)}
    return {
        "intact": True,
        "bytes": sum(file["bytes"] for file in manifest["files"].values()),
        "format": manifest["format"],
        "spikecast": manifest["versions"]["spikecast"],
        "data_sha256": manifest["data"]["sha256"],
        "rows": manifest["data"]["rows"],
        "configurations": manifest["data"]["configurations"],
        "targets": list(manifest["targets"]),
        "scores": {name: _headline(target) for name, target in manifest["targets"].items()},
    }


def shipped_scores(target: dict[str, Any]) -> dict[str, float]:
    """A target's cross-validation scores of the model that ships."""
    scores: dict[str, float] = target["cross_validation"]["models"][target["model"]]
    return scores


def _headline(target: dict[str, Any]) -> dict[str, float]:
    return dict(list(shipped_scores(target).items())[:1])


def _is_bundle(folder: Path) -> bool:
    # Either file is enough: a bundle that lost the other one is damaged, not absent.
    return any((folder / name).is_file() for name in (MANIFEST, DIGEST))

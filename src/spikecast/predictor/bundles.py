"""The bundles that there are, those that ship and those in the user's folders: what is in them, and how two differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from spikecast._util.files import shipped_path
from spikecast.errors import InputError, unknown_name
from spikecast.predictor.bundle import DIGEST, MANIFEST, read_bundle


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
    """What a bundle is in a few words; of one that cannot be read as a whole only ``intact`` and ``problem``.

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


#: What only programs need of a bundle: its manifest holds it, and no card shows it.
_FOR_PROGRAMS = (
    "features",
    "hardware.*",
    "roles",
    "outcome.classes",
    "outcome.file",
    "targets.*.scale",
    "targets.*.factor",
    "targets.*.ignorance",
    "targets.*.unseen.*",
    "targets.*.within.*",
    "targets.*.file",
    "targets.*.error_file",
    "targets.*.columns",
)


class Entries(Mapping[str, Any]):
    """A manifest that remembers which of its entries were read: what a later program wrote into it is not lost."""

    def __init__(self, entries: Mapping[str, Any], path: str = "", read: set[str] | None = None) -> None:
        self._entries = entries
        self._path = path
        self._read: set[str] = set() if read is None else read

    def __getitem__(self, name: str) -> Any:
        value, path = self._entries[name], f"{self._path}{name}"
        if isinstance(value, Mapping):
            return Entries(value, f"{path}.", self._read)
        self._read.add(path)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def unread(self) -> dict[str, Any]:
        """What nobody has read yet, by dotted name, without what only programs need."""
        return {
            name: value
            for name, value in flat(self._entries, self._path).items()
            if name not in self._read and not any(fnmatchcase(name, pattern) for pattern in _FOR_PROGRAMS)
        }


def flat(nested: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Every leaf by its dotted name; lists are leaves."""
    found: dict[str, Any] = {}
    for name, value in nested.items():
        found |= flat(value, f"{path}{name}.") if isinstance(value, Mapping) else {f"{path}{name}": value}
    return found


#: Entries of a manifest that are compared in part, or that follow from all others.
_NOT_FACTS = ("targets", "outcome", "files")

#: What names of metrics begin with that are not of the model that ships.
BASELINE = "baseline_"


def model_diff(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    """Compare two manifests.

    Returns:
        ``changed``: by dotted name, ``a`` and ``b`` of every fact that is not the same; None where one lacks it.
        ``cross_validation`` and ``test``: by target (and ``outcome``) and metric, ``a``, ``b`` and ``difference``,
        which is b - a, of the models that ship.
    """
    facts = _facts(a), _facts(b)
    names = list(facts[0] | facts[1])
    pairs = {name: {"a": facts[0].get(name), "b": facts[1].get(name)} for name in names}
    return {
        "changed": {name: pair for name, pair in pairs.items() if pair["a"] != pair["b"]},
        "cross_validation": _compared(_validated(a), _validated(b)),
        "test": _compared(_tested(a), _tested(b)),
    }


def _facts(manifest: dict[str, Any]) -> dict[str, Any]:
    found = flat({name: entry for name, entry in manifest.items() if name not in _NOT_FACTS})
    models = {name: target["model"] for name, target in manifest["targets"].items()}
    return found | {"model of outcome": manifest["outcome"]["model"]} | {f"model of {n}": m for n, m in models.items()}


def _validated(manifest: dict[str, Any]) -> dict[str, dict[str, float]]:
    targets = {name: shipped_scores(target) for name, target in manifest["targets"].items()}
    outcome = manifest["outcome"]["cross_validation"].items()
    return {"outcome": {name: score for name, score in outcome if not name.startswith(BASELINE)}} | targets


def _tested(manifest: dict[str, Any]) -> dict[str, dict[str, float]]:
    return {name: target["test"] for name, target in manifest["targets"].items()}


def _compared(a: dict[str, dict[str, float]], b: dict[str, dict[str, float]]) -> dict[str, Any]:
    found = {}
    for target in a | b:
        mine, other = a.get(target, {}), b.get(target, {})
        found[target] = {metric: _pair(mine.get(metric), other.get(metric)) for metric in mine | other}
    return found


def _pair(a: float | None, b: float | None) -> dict[str, float | None]:
    return {"a": a, "b": b, "difference": None if a is None or b is None else b - a}

"""What changed from one bundle to another."""

from __future__ import annotations

from typing import Any

from spikecast.model_card.bundles import shipped_scores
from spikecast.model_card.facts import flat

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

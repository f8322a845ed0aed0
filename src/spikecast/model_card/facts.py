"""A manifest's entries by dotted name, those of later programs among them."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

#: What a model's card shows in its own words, or what only the program that reads a bundle needs.
_ON_THE_CARD = (
    "format",
    "features",
    "coverage",
    "hardware.*",
    "data.sha256",
    "data.rows",
    "data.configurations",
    "data.test_rows",
    "data.status.*",
    "versions.*",
    "roles",
    "outcome.classes",
    "outcome.file",
    "outcome.model",
    "outcome.cross_validation.*",
    "targets.*.model",
    "targets.*.scale",
    "targets.*.factor",
    "targets.*.ignorance",
    "targets.*.unseen.*",
    "targets.*.within.*",
    "targets.*.cross_validation.models.*",
    "targets.*.cross_validation.baselines.*",
    "targets.*.cross_validation.seed_spread.*",
    "targets.*.test.*",
    "targets.*.file",
    "targets.*.error_file",
    "targets.*.columns",
    "files.*",
)


def flat(nested: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Every leaf by its dotted name; lists are leaves."""
    found: dict[str, Any] = {}
    for name, value in nested.items():
        found |= flat(value, f"{path}{name}.") if isinstance(value, Mapping) else {f"{path}{name}": value}
    return found


def further_facts(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a manifest holds beyond what the card has a place for."""
    return {
        name: value
        for name, value in flat(manifest).items()
        if not any(fnmatchcase(name, pattern) for pattern in _ON_THE_CARD)
    }

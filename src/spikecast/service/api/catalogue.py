"""GET what there is to choose from: /v1/choices, /v1/hardware and /v1/models; POST /v1/hardware/check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import numpy as np
from fastapi import APIRouter
from numpy.typing import NDArray

from spikecast.accelerator.hardware import Hardware, load_hardware, shipped_hardware
from spikecast.architecture import PRESETS
from spikecast.choices import CHOICES, NUMBERS, TrainingChoices
from spikecast.datasets import DATASETS
from spikecast.neurons import DEFAULTS, NEURONS
from spikecast.predictor.domain import NUMBERS_WITHIN
from spikecast.service.problem import JSON, problems, reads
from spikecast.service.running import CurrentServing
from spikecast.surrogates import SURROGATES

router = APIRouter(tags=["catalogue"], dependencies=[reads(JSON)])


@router.get("/v1/choices")
async def choices(serving: CurrentServing) -> list[dict[str, Any]]:
    """Every training choice: what it means, its default, what is allowed, and what was measured."""
    return choice_catalogue(serving.predictor.measured.questions.columns)


@router.get("/v1/hardware")
async def hardware() -> list[Hardware]:
    """The descriptions that come with spikecast."""
    return [load_hardware(name) for name in shipped_hardware()]


@router.post("/v1/hardware/check", responses=problems(400, 415, 422))
async def check(body: Hardware) -> dict[str, Any]:
    """Check a description of your own; an error names every field that is wrong."""
    return {"hardware": body.name, "valid": True, "figures": sorted(body.figures)}


@router.get("/v1/models")
async def models(serving: CurrentServing) -> list[dict[str, Any]]:
    """The model that answers."""
    manifest = serving.manifest
    return [
        {
            "name": serving.folder.name,
            "shipped": serving.shipped,
            "format": manifest["format"],
            "data": manifest["data"],
            "versions": manifest["versions"],
            "targets": sorted(manifest["targets"]),
        }
    ]


@router.get("/v1/models/card")
async def card(serving: CurrentServing) -> dict[str, Any]:
    """Its manifest: data, hardware, scores beside baselines and seed noise, files."""
    return serving.manifest


_LIMITS = {"gt": "above", "ge": "least", "lt": "below", "le": "most"}
_NAMES = {"dataset": tuple(DATASETS), "architecture": tuple(PRESETS), "surrogate": tuple(SURROGATES), "neuron": NEURONS}
_FACTS_OF_NAMES: dict[str, dict[str, Any]] = {
    "architecture": {"spelled": PRESETS},
    "dataset": {
        "sources": {name: dataset.source for name, dataset in DATASETS.items()},
        "licences": {name: dataset.license for name, dataset in DATASETS.items()},
    },
}
#: Defaults that hang on another choice, by that choice's values.
_DEFAULTS_WITHIN: dict[str, tuple[str, dict[str, float]]] = {
    "slope": ("surrogate", {name: kind.default_slope for name, kind in SURROGATES.items()}),
    "beta": ("neuron", {name: own.beta for name, own in DEFAULTS.items()}),
    "threshold": ("neuron", {name: own.threshold for name, own in DEFAULTS.items()}),
}


def choice_catalogue(measured: Mapping[str, NDArray[Any]]) -> list[dict[str, Any]]:
    """One entry for each choice but the seed.

    Args:
        measured: what was measured, a column for each choice.

    Returns:
        ``name``, ``meaning``, ``kind`` (``name``, ``whole`` or ``number``), ``default``; ``allowed``: names, or limits;
        ``measured``: names, or the least and the most. ``default_within`` has the defaults by the choice that they hang
        on; ``measured_within`` the least and the most by data set, and by another choice if they hang on one;
        ``spelled``, of the architecture, what its presets stand for; ``sources`` and ``licences``, of the data set,
        where its recordings come from and under which terms.
    """
    return [_entry(name, measured) for name in CHOICES]


def _entry(name: str, measured: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    field = TrainingChoices.model_fields[name]
    entry: dict[str, Any] = {"name": name, "meaning": field.description}
    if name in _DEFAULTS_WITHIN:
        kind, own = _DEFAULTS_WITHIN[name]
        entry["default"] = getattr(TrainingChoices(), name)
        entry["default_within"] = {"choice": kind, "values": own}
    else:
        entry["default"] = field.default
    column = measured[name]
    if name not in NUMBERS:
        allowed = _NAMES.get(name) or get_args(field.annotation)
        entry |= {"kind": "name", "allowed": list(allowed), "measured": np.unique(column).tolist()}
        return entry | _FACTS_OF_NAMES.get(name, {})
    limits = {
        word: getattr(limit, attribute)
        for limit in field.metadata
        for attribute, word in _LIMITS.items()
        if hasattr(limit, attribute)
    }
    entry |= {"kind": "whole" if field.annotation is int else "number", "allowed": limits, "measured": _ends(column)}
    within = ["dataset", *([NUMBERS_WITHIN[name]] if name in NUMBERS_WITHIN else [])]
    entry["measured_within"] = {"choices": within, "values": _ends_within(name, within, measured)}
    return entry


def _ends_within(name: str, within: list[str], measured: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """The least and the most by the value of the first choice, then by that of the second."""
    if not within:
        return _ends(measured[name])
    kinds = measured[within[0]]
    return {
        str(kind): _ends_within(name, within[1:], {other: column[kinds == kind] for other, column in measured.items()})
        for kind in np.unique(kinds)
    }


def _ends(column: NDArray[Any]) -> dict[str, Any]:
    return {"least": column.min().item(), "most": column.max().item()}

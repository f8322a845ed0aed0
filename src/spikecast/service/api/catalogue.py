"""GET what there is to choose from: /v1/choices, /v1/hardware, /v1/models; and a check of a description."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from spikecast.accelerator.hardware import Hardware, load_hardware, shipped_hardware
from spikecast.service.api.context import CurrentServing
from spikecast.service.choice_catalogue import choice_catalogue
from spikecast.service.problem import problems

router = APIRouter(tags=["catalogue"])


@router.get("/v1/choices")
async def choices(serving: CurrentServing) -> list[dict[str, Any]]:
    """Every training choice: what it means, its default, what is allowed, and what was measured."""
    return choice_catalogue(serving.predictor.measured.questions.columns)


@router.get("/v1/hardware")
async def hardware() -> list[Hardware]:
    """The descriptions that come with spikecast."""
    return [load_hardware(name) for name in shipped_hardware()]


@router.post("/v1/hardware/check", responses=problems(400, 422))
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

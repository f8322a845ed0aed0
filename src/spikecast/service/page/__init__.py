"""The page at /: files that a browser reads as they are."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"

router = APIRouter(include_in_schema=False)


@router.get("/")
async def page() -> FileResponse:
    """The page."""
    return FileResponse(STATIC / "index.html")


@router.get("/plotly.min.js")
async def plotly() -> FileResponse:
    """Plotly's script, out of its Python package: the page needs no other server."""
    script = Path(str(files("plotly") / "package_data" / "plotly.min.js"))
    return FileResponse(script, headers={"cache-control": "public, max-age=86400"})


static = StaticFiles(directory=STATIC)

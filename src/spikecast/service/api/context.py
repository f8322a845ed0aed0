"""What every place of the interface finds in the running application."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from spikecast.predictor import Predictor
from spikecast.service.serving import Serving


async def _serving(request: Request) -> Serving:
    serving: Serving = request.app.state.serving
    return serving


async def _predictor(serving: Annotated[Serving, Depends(_serving)]) -> Predictor:
    return serving.predictor


CurrentServing = Annotated[Serving, Depends(_serving)]
CurrentPredictor = Annotated[Predictor, Depends(_predictor)]

"""POST /v1/predict/batch."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Annotated

import pandas as pd
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from spikecast.choices import TrainingChoices
from spikecast.errors import InputError, unknown_name
from spikecast.predictor import Predictor
from spikecast.predictor.table import require_names
from spikecast.service.monitoring import ROWS
from spikecast.service.problem import JSON, problems, reads
from spikecast.service.running import CurrentPredictor, CurrentRunning, beside
from spikecast.service.schemas import MOST_ROWS, BatchRequest, machine

_CSV = "text/csv"
router = APIRouter(tags=["predict"], dependencies=[reads(JSON, _CSV)])
_SCHEMA = BatchRequest.model_json_schema(ref_template="#/components/schemas/{model}")
# What it refers to is described once for all places.
del _SCHEMA["$defs"]
_BATCH_BODY = {
    JSON: {"schema": _SCHEMA},
    _CSV: {"schema": {"type": "string"}, "example": "surrogate,neuron,slope\nsre,lapicque,1.5\natan,lif,2\n"},
}


@router.post(
    "/v1/predict/batch",
    responses={
        200: {"content": {_CSV: {}}, "description": "the rows with their predictions, as JSON or CSV"},
        **problems(415, 422),
    },
    openapi_extra={"requestBody": {"required": True, "content": _BATCH_BODY}},
)
async def predict_batch(
    request: Request,
    running: CurrentRunning,
    predictor: CurrentPredictor,
    hardware: Annotated[str | None, Query(description="of a CSV: a shipped description's name")] = None,
    accept: Annotated[str, Header()] = JSON,
) -> Response:
    """What to expect of up to 10,000 networks; a row that has no answer says why in ``error`` and harms no other."""
    body, csv = await request.body(), _names_csv(request.headers.get("content-type", ""))
    # Reading and writing thousands of rows takes as long as predicting some: all of it beside the event loop.
    return await beside(running.batch, _batch, body, csv, hardware, predictor, _names_csv(accept))


def _batch(body: bytes, csv: bool, hardware: str | None, predictor: Predictor, as_csv: bool) -> Response:
    if csv:
        asked, target = _read_csv(body), machine(hardware)
    else:
        if hardware is not None:
            raise InputError("hardware in the address is that of a CSV: put that of JSON into the body")
        read = _read_json(body)
        _require_choices(name for row in read.rows for name in row)
        asked, target = pd.DataFrame(read.rows, index=range(len(read.rows))), read.hardware
    predicted = predictor.predict_frame(asked, target)
    ROWS.labels("batch").inc(len(asked))
    table = asked.join(predicted)
    if as_csv:
        return Response(table.to_csv(index=False), media_type=_CSV)
    return Response(f'{{"rows":{table.to_json(orient="records")}}}', media_type=JSON)


def _require_choices(names: Iterable[str]) -> None:
    """Refuse an unknown column before there is a table: one of very many columns would fill the memory."""
    for name in names:
        if name not in TrainingChoices.model_fields:
            raise unknown_name("choice", name, TrainingChoices.model_fields)


def _names_csv(header: str) -> bool:
    """Whether CSV is among the media types of a header."""
    return any(kind.partition(";")[0].strip().lower() == _CSV for kind in header.split(","))


def _read_json(body: bytes) -> BatchRequest:
    try:
        return BatchRequest.model_validate_json(body)
    except ValidationError as error:
        errors = [{**wrong, "loc": ("body", *wrong["loc"])} for wrong in error.errors()]
        raise RequestValidationError(errors) from None


def _read_csv(body: bytes) -> pd.DataFrame:
    _require_choices(_parsed_csv(body, rows=0).columns)
    table = _parsed_csv(body, rows=MOST_ROWS + 1)
    require_names(table)
    if len(table) > MOST_ROWS:
        raise InputError(f"the table has more than {MOST_ROWS:,} rows: send fewer at once")
    return table


def _parsed_csv(body: bytes, rows: int) -> pd.DataFrame:
    try:
        return pd.read_csv(io.BytesIO(body), nrows=rows, low_memory=False)
    except ValueError as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"the body is no CSV table ({reason}): send a header of training choices, then rows") from None

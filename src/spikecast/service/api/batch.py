"""POST /v1/predict/batch."""

from __future__ import annotations

import io
import math
from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from spikecast.errors import InputError
from spikecast.predictor import Predictor
from spikecast.predictor.table import read_choices_csv, require_choices
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
        _require_plain(read.rows)
        asked, target = pd.DataFrame(read.rows, index=range(len(read.rows))), read.hardware
    predicted = predictor.predict_frame(asked, target)
    ROWS.labels("batch").inc(len(asked))
    table = asked.join(predicted)
    if as_csv:
        return Response(table.to_csv(index=False), media_type=_CSV)
    return Response(f'{{"rows":{table.to_json(orient="records")}}}', media_type=JSON)


def _require_plain(rows: list[dict[str, Any]]) -> None:
    """Refuse unknown names before there is a table, as one of very many columns would fill the memory; and NaN, which
    JSON does not have and a table takes for a gap."""
    require_choices(dict.fromkeys(name for row in rows for name in row))
    for number, row in enumerate(rows):
        for name, value in row.items():
            if isinstance(value, float) and math.isnan(value):
                raise InputError(f"row {number}: {name} NaN is no number: leave it out for its default")


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
    try:
        table = read_choices_csv(io.BytesIO(body), rows=MOST_ROWS + 1)
    except InputError:
        raise
    except ValueError as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"the body is no CSV table ({reason}): send a header of training choices, then rows") from None
    if len(table) > MOST_ROWS:
        raise InputError(f"the table has more than {MOST_ROWS:,} rows: send fewer at once")
    return table

"""Errors as RFC 9457 problem details: what was wrong, where, and what is allowed."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from spikecast._util.deadline import OutOfTimeError
from spikecast.errors import InputError, one_line

MEDIA_TYPE = "application/problem+json"
JSON = "application/json"
_MOST_FIELDS = 20


class FieldProblem(BaseModel):
    """One thing that is wrong with a request."""

    field: str = Field(description="dotted place in the request", examples=["choices.beta"])
    value: Any = Field(None, description="what was found there")
    message: str = Field(description="what is allowed")


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = "about:blank"
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    detail: str = Field(description="one sentence: what was wrong, what is allowed, what to do")
    errors: list[FieldProblem] = Field(default_factory=list, description="the fields that are wrong, at most 20")


class UnavailableError(Exception):
    """There is no answer now; ``retry_after`` seconds from now there may be."""

    def __init__(self, detail: str, retry_after: int = 5) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


def problem(
    status: int, detail: str, errors: list[FieldProblem] | None = None, headers: dict[str, str] | None = None
) -> Response:
    """A response that holds a problem; ``errors`` are the fields that are wrong."""
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors or [])
    return Response(body.model_dump_json(), status, headers, media_type=MEDIA_TYPE)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a place of the interface says of its errors."""
    return {status: {"model": Problem} for status in statuses}


def reads(*kinds: str) -> Any:
    """A dependency of places whose bodies have one of these media types.

    Raises:
        HTTPException: 415 with the header to send, for a body of another; tools send one of their own choice.
    """

    async def require(request: Request) -> None:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.method == "POST" and kind not in kinds and await request.body():
            allowed = " or ".join(f"content-type: {kind}" for kind in kinds)
            detail = f"a body of type {kind[:100]!r} is not read here: send the header {allowed}"
            raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)

    return Depends(require)


def answer_with_problems(app: FastAPI) -> None:
    """Answer every error of an application with problem details, and describe them so."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        schema = described()
        for place in schema["paths"].values():
            for operation in place.values():
                for response in operation["responses"].values():
                    _as_problem(response.get("content", {}))
        return schema

    app.openapi = openapi  # type: ignore[method-assign]

    @app.exception_handler(InputError)
    def _bad_input(_request: Request, error: InputError) -> Response:
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))

    @app.exception_handler(RequestValidationError)
    def _malformed(_request: Request, error: RequestValidationError) -> Response:
        found = error.errors()
        errors = [_field_problem(wrong) for wrong in found[:_MOST_FIELDS]]
        first = errors[0]
        more = f"; {len(found) - 1} more" if len(found) > 1 else ""
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{first.field}: {first.message}{more}", errors)

    @app.exception_handler(UnavailableError)
    def _unavailable(_request: Request, error: UnavailableError) -> Response:
        retry = {"Retry-After": str(error.retry_after)}
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), headers=retry)

    @app.exception_handler(OutOfTimeError)
    def _late(_request: Request, error: OutOfTimeError) -> Response:
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), headers={"Retry-After": "1"})

    @app.exception_handler(HTTPException)
    def _http(_request: Request, error: HTTPException) -> Response:
        # Of a body that breaks the parser, FastAPI says no more than that it does.
        cause = error.__cause__
        detail = f"the body is no JSON in UTF-8 ({one_line(cause)})" if isinstance(cause, Exception) else error.detail
        return problem(error.status_code, detail, headers=dict(error.headers or {}))


def _as_problem(content: dict[str, Any]) -> None:
    """FastAPI takes every model for plain JSON."""
    if content.get(JSON, {}).get("schema") == {"$ref": "#/components/schemas/Problem"}:
        content[MEDIA_TYPE] = content.pop(JSON)


def _field_problem(error: dict[str, Any]) -> FieldProblem:
    # The first part of a place says whether it lies in the body, the query or the path.
    where, *parts = error["loc"]
    # What is no JSON at all has no fields; its second part counts characters.
    field = ".".join(map(str, parts)) if parts and error["type"] != "json_invalid" else str(where)
    reason = error.get("ctx", {}).get("error")
    message = f"not JSON: {reason}" if error["type"] == "json_invalid" else error["msg"].removeprefix("Value error, ")
    value = error.get("input")
    plain = value if isinstance(value, int | float | bool | None) else None
    return FieldProblem(
        field=_encodable(field),
        value=_encodable(value) if isinstance(value, str) else plain,
        message=_encodable(f"{message[:1].lower()}{message[1:]}"),
    )


def _encodable(text: str) -> str:
    """Text without halves of characters, which JSON may hold and UTF-8 may not."""
    return text.encode(errors="replace").decode()

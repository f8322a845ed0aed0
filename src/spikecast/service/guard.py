"""What every request passes: an id, limits, security headers, a log line, metrics."""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import Collection
from http import HTTPMethod, HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spikecast._util.deadline import done_within
from spikecast.service.monitoring import IN_FLIGHT, LOG, REQUESTS, SECONDS, fields
from spikecast.service.problem import problem
from spikecast.service.running import Settings, asked_by

#: An id that a caller may choose; anything else is replaced.
_REQUEST_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
#: Everything a page needs comes from here; styles of plotly's drawings are set by its script.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SECURITY = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(), microphone=(), camera=()",
}
#: Answered whatever the load, so that who watches the service can see whether it is busy or dead.
_ALWAYS = ("/healthz", "/readyz", "/metrics")
_BATCHES = "/v1/predict/batch"
_RETRY_S = 1
#: Digits of a size; nobody has a body of more.
_LONGEST_SIZE = 18
_PORT = re.compile(r":[0-9]*$")


class Guard:
    """ASGI middleware around a whole application."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("x-request-id", "")
        request_id = asked if _REQUEST_ID.fullmatch(asked) else uuid.uuid4().hex
        begun, status = time.perf_counter(), 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
            elif bodiless:
                message = {**message, "body": b""}
            await send(message)

        # Every place that can be read can be asked about: monitors do.
        bodiless = scope["method"] == HTTPMethod.HEAD
        place = {**scope, "method": HTTPMethod.GET.value} if bodiless else scope
        self._in_flight += 1
        IN_FLIGHT.set(self._in_flight)
        try:
            await self._limited(place, receive, send_guarded)
        except Exception:
            LOG.exception("failed", extra=fields(request_id=request_id))
            if not status:
                detail = f"something failed here; the log knows it as {request_id}"
                await problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail)(scope, receive, send_guarded)
        finally:
            self._in_flight -= 1
            IN_FLIGHT.set(self._in_flight)
            seconds = time.perf_counter() - begun
            # Only known methods and places are counted by name: anybody may ask with any other, for any other.
            route = getattr(place.get("route"), "path", "unknown")
            method = scope["method"] if scope["method"] in HTTPMethod.__members__ else "unknown"
            REQUESTS.labels(method, route, status).inc()
            SECONDS.labels(route).observe(seconds)
            line = fields(
                request_id=request_id,
                method=scope["method"],
                path=scope["path"],
                status=status,
                milliseconds=round(1e3 * seconds, 2),
            )
            LOG.info("request", extra=line)

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        settings = self._settings
        if self._in_flight > settings.most_waiting and scope["path"] not in _ALWAYS:
            detail = f"{settings.most_waiting} requests are in flight, and that is all at once: try again"
            headers = {"Retry-After": str(_RETRY_S)}
            await problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers=headers)(scope, receive, send)
            return
        refused = _refused_host(Headers(scope=scope).getlist("host"), settings.allowed_hosts)
        if refused is not None:
            await problem(*refused)(scope, receive, send)
            return
        begun = False

        async def send_begun(message: Message) -> None:
            nonlocal begun
            begun = True
            # An answer takes its time; sending it takes that of whoever reads it, but each part no more than this.
            limit.reschedule(asyncio.get_running_loop().time() + settings.most_seconds)
            await send(message)

        try:
            async with asyncio.timeout(settings.most_seconds) as limit:
                most = settings.most_bytes if scope["path"] == _BATCHES else settings.most_bytes_elsewhere
                try:
                    body = await self._read_body(scope, receive, most)
                except _RefusedBodyError as error:
                    await problem(error.status, str(error), headers=error.headers)(scope, receive, send_begun)
                    return
                if body is None:
                    return
                # Work beside the event loop cannot be cancelled: it looks at the time by itself.
                with done_within(settings.most_seconds), asked_by(scope.get("client")):
                    await self._app(scope, _replay(body, receive), send_begun)
        except TimeoutError:
            if not begun:
                detail = f"no answer within {settings.most_seconds:g} s: ask for less at once"
                headers = {"Retry-After": str(_RETRY_S)}
                await problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers=headers)(scope, receive, send)

    async def _read_body(self, scope: Scope, receive: Receive, most: int) -> bytes | None:
        """The whole body; None if whoever sends it is gone.

        Raises:
            _RefusedBodyError: it is larger than allowed, or does not come.
        """
        too_large = _RefusedBodyError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the request is larger than {most:,} bytes: send less at once"
        )
        # What is announced need not be waited for.
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and (len(announced) > _LONGEST_SIZE or int(announced) > most):
            raise too_large
        parts, size, more = [], 0, True
        while more:
            try:
                async with asyncio.timeout(self._settings.most_silence):
                    message = await receive()
            except TimeoutError:
                detail = f"nothing more of the body came for {self._settings.most_silence:g} s: send it at once"
                raise _RefusedBodyError(HTTPStatus.REQUEST_TIMEOUT, detail, {"connection": "close"}) from None
            if message["type"] != "http.request":
                return None
            part = message.get("body", b"")
            size += len(part)
            if size > most:
                raise too_large
            parts.append(part)
            more = message.get("more_body", False)
        return b"".join(parts)


class _RefusedBodyError(Exception):
    """A body that is not read to its end."""

    def __init__(self, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.headers = status, headers


def _refused_host(hosts: list[str], allowed: Collection[str] | None) -> tuple[HTTPStatus, str] | None:
    """Why a request for these hosts is not answered; None if it is.

    A page from elsewhere may make its own name point here, and read what a browser beside the service can: it is the
    name that gives it away.
    """
    if len(hosts) != 1 or not hosts[0]:
        return HTTPStatus.BAD_REQUEST, f"the request has {len(hosts) or 'no'} Host headers: send one, with a name"
    name = _PORT.sub("", hosts[0]).lower()
    if allowed is None or name in allowed:
        return None
    detail = f"the host {name[:100]!r} is not served here: ask for {', '.join(sorted(allowed))}, or allow it"
    return HTTPStatus.MISDIRECTED_REQUEST, detail


def _replay(body: bytes, receive: Receive) -> Receive:
    """A body that was read already, then whatever comes."""
    replayed = False

    async def again() -> Message:
        nonlocal replayed
        if not replayed:
            replayed = True
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return again

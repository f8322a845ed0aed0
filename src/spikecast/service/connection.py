"""What every connection passes before there is a request: sizes, times and numbers, all bounded."""

from __future__ import annotations

import asyncio
import resource
import uuid
from http import HTTPStatus
from typing import Any, ClassVar

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from spikecast.service.guard import SECURITY
from spikecast.service.monitoring import LOG, REQUESTS, fields
from spikecast.service.problem import problem

#: Requests that a connection may send before the first of them is answered.
_MOST_PIPELINED = 16
#: Descriptors for everything else: the model's files, threads' pipes, the log.
_MOST_CONNECTIONS = 1024


class Connection(HttpToolsProtocol):
    """uvicorn's connection, which believes whoever calls, with limits; give it to uvicorn as ``http``.

    Whatever breaks a limit is answered with problem details, counted and logged like any other request, and hung up
    on. Source: RFC 9112, sections 2 to 9, says what a server may refuse; uvicorn's httptools protocol what it does not.

    Attributes:
        most_head_bytes: of a request line and its headers together.
        most_target_bytes: of what stands between method and version.
        head_seconds: from a request's first byte, or the connection's begin, to the end of its headers.
        most_connections: of a process; one client may hold half of them.
    """

    most_head_bytes: ClassVar[int] = 64_000
    most_target_bytes: ClassVar[int] = 8_000
    head_seconds: ClassVar[float] = 10.0
    # Half of what the process may open: each connection takes one, and those being turned away take theirs.
    most_connections: ClassVar[int] = min(_MOST_CONNECTIONS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._head: int | None = 0
        self._deadline: asyncio.TimerHandle | None = None
        self._refusal: tuple[int, str] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Turn away whoever is one too many; the others have some time to say what they want."""
        super().connection_made(transport)
        here = sum(_host(other) == _host(self) for other in self.connections)
        if len(self.connections) > self.most_connections or here > max(1, self.most_connections // 2):
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "too many connections are open: close some, or try again")
            return
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Hand bytes to the parser, of a head no more than are allowed."""
        self._unset_keepalive_if_required()
        while data and not self.transport.is_closing():
            # A body that is sent although its answer is given is no reason to stay either.
            if self._deadline is None and (self._head is not None or self.cycle.response_complete):
                self._wait_for_head()
            if self._head is None:
                part, data = data, b""
            else:
                room = self.most_head_bytes - self._head
                part, data = data[:room], data[room:]
                self._head += len(part)
            self._parse(part)
            if self._head is not None and self._head >= self.most_head_bytes:
                detail = f"the headers are larger than {self.most_head_bytes:,} bytes: send fewer, or shorter ones"
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail)

    def _parse(self, part: bytes) -> None:
        try:
            self.parser.feed_data(part)
        except httptools.HttpParserError as error:
            refusal = self._refusal or (HTTPStatus.BAD_REQUEST, f"this is no HTTP request: {error}")
            self._refuse(*refusal)
        except httptools.HttpParserUpgrade:
            # No other protocol is spoken here: the request is answered as if it had not asked for one.
            pass

    def on_url(self, url: bytes) -> None:
        """Part of what stands between method and version."""
        super().on_url(url)
        if len(self.url) > self.most_target_bytes:
            detail = f"the address is longer than {self.most_target_bytes:,} bytes: send a body in its place"
            self._stop_parsing(HTTPStatus.REQUEST_URI_TOO_LONG, detail)

    def on_headers_complete(self) -> None:
        """The head has ended: a request."""
        if self.parser.get_http_version() not in ("1.0", "1.1"):
            self._stop_parsing(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "send HTTP/1.1 behind the address")
        if len(self.pipeline) >= _MOST_PIPELINED:
            self._stop_parsing(HTTPStatus.SERVICE_UNAVAILABLE, "wait for answers before you send further requests")
        self._head = None
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body has ended; what follows is another head."""
        super().on_message_complete()
        self._head = 0
        self._stop_waiting()

    def _wait_for_head(self) -> None:
        self._deadline = self.loop.call_later(self.head_seconds, self._too_slow)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._refuse(HTTPStatus.REQUEST_TIMEOUT, f"no whole request within {self.head_seconds:g} s: send it at once")

    def _stop_parsing(self, status: HTTPStatus, detail: str) -> None:
        """Out of a callback of the parser, which hands on that there is an error, but not which."""
        self._refusal = status, detail
        raise ValueError(detail)

    def _refuse(self, status: int, detail: str) -> None:
        """Say why, and hang up; while an earlier request waits for its answer, just hang up: this is none to it."""
        self._stop_waiting()
        if self.transport.is_closing():
            return
        request_id = uuid.uuid4().hex
        REQUESTS.labels("unknown", "unknown", int(status)).inc()
        LOG.warning("refused", extra=fields(request_id=request_id, status=int(status), reason=detail))
        if self.cycle is None or self.cycle.response_complete:
            answer = problem(status, detail, headers={"x-request-id": request_id, "connection": "close", **SECURITY})
            lines = [STATUS_LINE[status]]
            for name, value in [*self.server_state.default_headers, *answer.raw_headers]:
                lines += [name, b": ", value, b"\r\n"]
            self.transport.write(b"".join([*lines, b"\r\n", bytes(answer.body)]))
        self.transport.close()


def _host(connection: Any) -> str | None:
    """Whose connection it is; None where a system does not say."""
    return connection.client[0] if connection.client else None

"""What reaches no handler: heads without end, requests that never come, too many at once, and what is no HTTP."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
import uvicorn

from spikecast.service import Connection, Settings, create_app


class Impatient(Connection):
    """Limits that a test can reach."""

    most_head_bytes: ClassVar[int] = 2000
    most_target_bytes: ClassVar[int] = 200
    head_seconds: ClassVar[float] = 0.5
    most_connections: ClassVar[int] = 8


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where a service with these limits listens."""
    app = create_app(Settings(most_silence=0.5, allowed_hosts=frozenset({"localhost"})))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, http=Impatient, ws="none", log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join()


def answered(port: int, *parts: bytes) -> tuple[int, dict[str, str], Any]:
    """Status, headers and problem that raw bytes are answered with, until the service hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as asking:
        for part in parts:
            try:
                asking.sendall(part)
            except ConnectionError:
                break
        return read(asking)


def read(asking: socket.socket) -> tuple[int, dict[str, str], Any]:
    found = b""
    while part := asking.recv(65536):
        found += part
    head, _, body = found.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(status.split()[1]), headers, json.loads(body) if body else None


HOST = b"Host: localhost\r\nConnection: close\r\n"
POST = b"POST /v1/predict HTTP/1.1\r\nContent-Type: application/json\r\n" + HOST


@pytest.mark.parametrize(
    ("parts", "status", "says"),
    [
        pytest.param([b"GET /healthz HTTP/1.1\r\n", *[b"x: aaaaaaaa\r\n"] * 300], 431, "2,000 bytes", id="headers"),
        pytest.param([b"GET /healthz HTTP/1.1\r\nx: ", *[b"a" * 100] * 30], 431, "2,000 bytes", id="one header"),
        pytest.param([b"GET /" + b"a" * 300], 414, "200 bytes", id="address"),
        pytest.param([b"GET /healthz HTTP/1.1\r\nHost: localho"], 408, "within 0.5 s", id="half a head"),
        pytest.param([], 408, "within 0.5 s", id="nothing"),
        pytest.param([POST + b"Content-Length: 100\r\n\r\n{"], 408, "for 0.5 s", id="half a body"),
        pytest.param([POST + b"Content-Length: 200000\r\n\r\n"], 413, "100,000 bytes", id="a large body announced"),
        pytest.param([POST + b"Content-Length: " + b"9" * 19 + b"\r\n\r\n"], 413, "100,000", id="a huge one"),
        pytest.param([b"GET /\r\n\r\n"], 505, "send HTTP/1.1", id="no version"),
        pytest.param([b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"], 400, "no Host", id="no host"),
        pytest.param([b"GET / HTTP/1.1\r\nHost: localhost\r\n" + HOST + b"\r\n"], 400, "2 Host", id="two hosts"),
        pytest.param(
            [b"GET / HTTP/1.1\r\nHost: evil.example:80\r\nConnection: close\r\n\r\n"],
            421,
            "'evil.example' is not served here: ask for localhost",
            id="rebound",
        ),
        pytest.param([b"hello\r\n\r\n"], 400, "no HTTP request", id="no HTTP"),
        pytest.param([b"\x16\x03\x01\x02"], 400, "no HTTP request", id="TLS"),
        pytest.param(
            [b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"], 400, "no HTTP", id="both"
        ),
    ],
)
def test_what_is_refused(port: int, parts: list[bytes], status: int, says: str) -> None:
    found, headers, problem = answered(port, *parts)
    assert (found, problem["status"], headers["content-type"]) == (status, status, "application/problem+json")
    assert says in problem["detail"]
    assert len(headers["x-request-id"]) == 32
    assert headers["connection"] == "close"


def test_a_body_that_goes_on_behind_its_answer_is_hung_up_on(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as asking:
        asking.sendall(b"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n")
        for _ in range(200):
            try:
                asking.sendall(b" ")
            except ConnectionError:
                return
            time.sleep(0.05)
    raise AssertionError("it still listens")


def test_requests_ahead_of_their_answers(port: int) -> None:
    asked = b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=20) as asking:
        asking.sendall(asked * 100)
        found = b""
        try:
            while part := asking.recv(65536):
                found += part
        except ConnectionError:
            pass
    assert found.count(b"HTTP/1.1 200") <= 17


def test_one_client_holds_half_of_the_connections(port: int) -> None:
    held = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(4)]
    time.sleep(0.1)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as fifth:
        status, _, problem = read(fifth)
    assert (status, "too many connections" in problem["detail"]) == (503, True)
    for connection in held:
        connection.close()
    for _ in range(100):
        if answered(port, b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")[0] == 200:
            break
        time.sleep(0.05)
    else:
        raise AssertionError("still full")


def test_a_name_with_a_port_and_in_capitals_is_that_name(port: int) -> None:
    asked = b"GET /healthz HTTP/1.1\r\nHost: LOCALHOST:8000\r\nConnection: close\r\n\r\n"
    assert answered(port, asked)[0] == 200

"""Whatever is wrong with a request is told as a problem that names field, value and what is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from spikecast.service import Settings, create_app


@pytest.mark.parametrize(
    ("place", "body", "field", "says"),
    [
        ("/v1/predict", {"choices": {"beta": 3}}, "choices.beta", "less than 1"),
        ("/v1/predict", {"choices": {"bta": 0.3}}, "choices.bta", "not permitted"),
        ("/v1/predict", {"choices": {"surrogate": "atn"}}, "choices.surrogate", "did you mean atan"),
        ("/v1/recommend", {"minimize": "latency", "fixed": {"neuron": "lf"}}, "fixed.neuron", "allowed: leaky"),
        ("/v1/predict", {"explain": 0}, "explain", "valid boolean"),
        ("/v1/predict", {"hardware": "/etc/passwd"}, "hardware", "allowed: fc-pipeline, pulse-small, sparse-core"),
        ("/v1/predict", {"hardware": {"name": "mine"}}, "hardware.description", "required"),
        ("/v1/predict/batch", {"rows": [{}] * 10_001}, "rows", "at most 10000"),
        ("/v1/recommend", {"minimize": "latency", "top": 0}, "top", "greater than or equal to 1"),
        ("/v1/sensitivity", {}, "of", "required"),
    ],
)
def test_a_field_that_is_wrong(client: TestClient, place: str, body: dict[str, Any], field: str, says: str) -> None:
    answer = client.post(place, json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["errors"][0]["field"]) == (422, field)
    assert says in problem["errors"][0]["message"]
    assert field in problem["detail"]


@pytest.mark.parametrize(
    ("place", "body", "says"),
    [
        ("/v1/predict", {"choices": {"neuron": "lapicque", "beta": 0.1}}, "beta 0.1 makes a lapicque neuron unstable"),
        ("/v1/predict", {"choices": {"dataset": "dvs128-gesture"}}, "was never measured"),
        ("/v1/predict/batch", {"rows": [{"bta": 0.3}]}, "unknown choice 'bta': did you mean beta"),
        ("/v1/predict/batch?hardware=pulse-small", {"rows": []}, "put that of JSON into the body"),
        ("/v1/recommend", {}, "minimize"),
        ("/v1/sensitivity", {"of": "sloppe"}, "did you mean slope"),
    ],
)
def test_a_question_without_an_answer(client: TestClient, place: str, body: dict[str, Any], says: str) -> None:
    answer = client.post(place, json=body)
    assert answer.status_code == 422
    assert says in answer.json()["detail"]


@pytest.mark.parametrize(
    ("place", "kind", "body", "says"),
    [
        ("/v1/predict", "application/json", "{", "body: not JSON: "),
        ("/v1/predict/batch", "application/json", "{", "body: "),
        ("/v1/predict/batch", "text/csv", "beta\n0.3,0.4\n", "more values than the header names"),
        ("/v1/predict/batch", "text/csv", "", "no CSV table"),
        ("/v1/predict/batch", "text/csv", "slope," * 1_000_000, "column slope is there twice"),
        ("/v1/predict/batch", "application/json", '{"rows": [{}, {"slope": NaN}]}', "row 1: slope NaN is no number"),
        ("/v1/predict/batch", "text/csv", "beta\n" + "0.5\n" * 10_001, "more than 10,000 rows"),
    ],
)
def test_a_body_that_cannot_be_read(client: TestClient, place: str, kind: str, body: str, says: str) -> None:
    answer = client.post(place, content=body, headers={"content-type": kind})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert says in answer.json()["detail"]


@pytest.mark.parametrize(
    ("place", "kind", "says"),
    [
        ("/v1/predict", "application/x-www-form-urlencoded", "send the header content-type: application/json"),
        ("/v1/recommend", "text/csv", "'text/csv' is not read here"),
        ("/v1/hardware/check", None, "content-type: application/json"),
        ("/v1/predict/batch", "text/plain", "content-type: application/json or content-type: text/csv"),
    ],
)
def test_a_body_of_another_type(client: TestClient, place: str, kind: str | None, says: str) -> None:
    answer = client.post(place, content=b"{}", headers={} if kind is None else {"content-type": kind})
    assert (answer.status_code, answer.headers["content-type"]) == (415, "application/problem+json")
    assert says in answer.json()["detail"]


@pytest.mark.parametrize("body", [b'{"choices": "\xff"}', b"[" * 50_000])
def test_a_body_that_breaks_the_parser(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/predict", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("the body is no JSON in UTF-8 (")


@pytest.mark.parametrize(
    "place", ["/", "/healthz", "/readyz", "/metrics", "/v1/choices", "/static/main.js", "/nowhere"]
)
def test_every_place_that_can_be_read_can_be_asked_about(client: TestClient, place: str) -> None:
    read, asked = client.get(place), client.head(place)
    assert (asked.status_code, asked.content) == (read.status_code, b"")
    assert asked.headers["content-type"] == read.headers["content-type"]
    if place != "/metrics":
        assert asked.headers["content-length"] == read.headers["content-length"]


def test_places_that_are_not(client: TestClient) -> None:
    assert client.get("/nowhere").json()["status"] == 404
    assert client.get("/v1/predict").json()["status"] == 405


@pytest.fixture
def narrow() -> Iterator[TestClient]:
    with TestClient(create_app(Settings(most_bytes=1000, most_seconds=0.2))) as client:
        yield client


def test_limits(narrow: TestClient) -> None:
    large = narrow.post("/v1/predict/batch", json={"rows": [{"beta": 0.5}] * 100})
    assert (large.status_code, "larger than 1,000 bytes" in large.json()["detail"]) == (413, True)
    slow = narrow.post("/v1/recommend", json={"minimize": "latency", "candidates": 8192})
    assert (slow.status_code, slow.headers["retry-after"]) == (503, "1")
    assert "no answer within 0.2 s" in slow.json()["detail"]


def test_too_many_at_once() -> None:
    with TestClient(create_app(Settings(most_waiting=0))) as client:
        busy = client.post("/v1/predict", json={})
        assert (busy.status_code, busy.headers["retry-after"]) == (503, "1")
        assert client.get("/healthz").status_code == 200


def test_every_answer_is_guarded(client: TestClient) -> None:
    for answer in (client.get("/healthz"), client.get("/nowhere"), client.post("/v1/predict", json={"a": 1})):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert len(answer.headers["x-request-id"]) == 32
    mine = client.get("/healthz", headers={"x-request-id": "mine-1"})
    assert mine.headers["x-request-id"] == "mine-1"
    strange = client.get("/healthz", headers={"x-request-id": "a b"})
    assert strange.headers["x-request-id"] != "a b"


def test_errors_are_described_as_they_are_told(client: TestClient) -> None:
    for place in client.get("/v1/openapi.json").json()["paths"].values():
        for operation in place.values():
            errors = {status: told for status, told in operation["responses"].items() if status >= "400"}
            assert errors.keys() >= {"413", "503"}
            assert all(told["content"].keys() == {"application/problem+json"} for told in errors.values())


@pytest.mark.parametrize(
    "body", [b'{"choices": {"surrogate": "\\ud800"}}', b'{"hardware": "\\ud800"}', b'{"\\ud800": 1}']
)
def test_half_a_character_is_a_problem_too(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/predict", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert "?" in answer.text

"""The service answers as the predictor does."""

from __future__ import annotations

import io
import json
from typing import Any

import pandas as pd
import pytest
from fastapi.testclient import TestClient

from spikecast.accelerator import load_hardware
from spikecast.predictor import Predictor


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor.load()


def as_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


@pytest.mark.parametrize("hardware", ["sparse-core", "pulse-small"])
def test_one_network(client: TestClient, predictor: Predictor, hardware: str) -> None:
    choices = {"surrogate": "sre", "neuron": "lapicque", "beta": 0.5}
    answer = client.post("/v1/predict", json={"choices": choices, "hardware": hardware}).json()
    expected = as_json(predictor.predict(choices, hardware).to_dict())
    assert answer == expected | {"warnings": [], "explanation": None}


def test_a_description_in_the_request(client: TestClient, predictor: Predictor) -> None:
    mine = load_hardware("sparse-core").model_copy(update={"name": "mine", "cores": 8, "clock_mhz": 50.0})
    answer = client.post("/v1/predict", json={"hardware": mine.model_dump()}).json()
    assert answer["latency_us"] == as_json(predictor.predict(hardware=mine).to_dict())["latency_us"]
    assert answer["provenance"]["hardware"] == "mine"


def test_an_explanation_and_a_warning(client: TestClient, predictor: Predictor) -> None:
    choices = {"neuron": "lapicque", "beta": 0.3}
    answer = client.post("/v1/predict", json={"choices": choices, "explain": True}).json()
    assert answer["explanation"] == as_json(predictor.explain(choices).to_dict())
    assert "negative leak" in answer["warnings"][0]


def test_many_at_once_are_answered_as_alone(client: TestClient) -> None:
    from concurrent.futures import ThreadPoolExecutor

    asked = [{"choices": {"slope": 1.0 + n / 10}} for n in range(24)]
    alone = [client.post("/v1/predict", json=one).json() for one in asked]
    with ThreadPoolExecutor(12) as pool:
        together = list(pool.map(lambda one: client.post("/v1/predict", json=one).json(), asked))
    for one, other in zip(alone, together, strict=True):
        assert one["choices"] == other["choices"]
        assert one["latency_us"] == pytest.approx(other["latency_us"], rel=1e-9)


def test_rows_as_json(client: TestClient, predictor: Predictor) -> None:
    rows = [{"neuron": "lapicque"}, {"surrogate": "atan", "slope": -3}, {"beta": 0.3}]
    answer = client.post("/v1/predict/batch", json={"rows": rows}).json()["rows"]
    assert [row["error"] is None for row in answer] == [True, False, True]
    assert "slope -3.0 is not allowed" in answer[1]["error"]
    assert answer[0]["latency_us"] == pytest.approx(predictor.predict(rows[0]).latency_us.value)
    assert answer[1]["latency_us"] is None
    assert client.post("/v1/predict/batch", json={"rows": []}).json() == {"rows": []}


def test_rows_as_csv(client: TestClient, predictor: Predictor) -> None:
    table = "surrogate,neuron,slope\nsre,lapicque,1.5\natan,lif,-3\n"
    answer = client.post("/v1/predict/batch", content=table, headers={"content-type": "text/csv", "accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    found = pd.read_csv(io.BytesIO(answer.content))
    expected = predictor.predict_frame(pd.read_csv(io.StringIO(table)))
    assert found["latency_cycles"].iloc[0] == pytest.approx(expected["latency_cycles"].iloc[0])
    assert found["error"].notna().tolist() == [False, True]
    mixed = {"content-type": "Text/CSV; charset=utf-8", "accept": "text/html, text/csv;q=0.9"}
    assert client.post("/v1/predict/batch", content=table, headers=mixed).content == answer.content


def test_the_interface_describes_itself(client: TestClient) -> None:
    described = client.get("/v1/openapi.json").json()
    assert set(described["paths"]) >= {"/v1/predict", "/v1/predict/batch", "/v1/recommend", "/healthz"}
    choices = described["components"]["schemas"]["Choices"]["properties"]
    assert {"maximum": 1000.0, "exclusiveMinimum": 0.0, "type": "number"} in choices["slope"]["anyOf"]
    assert "seed" not in choices


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", f'{{"rows":[{{"epochs":{"9" * 400}}},{{}}]}}'),
        ("text/csv", f"epochs\n{'9' * 400}\n12\n"),
    ],
)
def test_a_number_beyond_all_limits_is_its_own_row_s_error(client: TestClient, kind: str, body: str) -> None:
    answer = client.post("/v1/predict/batch", content=body, headers={"content-type": kind})
    first, second = answer.json()["rows"]
    assert first["error"].startswith("epochs 9999")
    assert second["error"] is None

"""Advice over HTTP is the advice of the library."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from spikecast.advise import pareto, recommend, sensitivity
from spikecast.predictor import Predictor


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor.load()


def as_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


def test_recommend(client: TestClient, predictor: Predictor) -> None:
    asked = {"minimize": "latency", "min_accuracy": 0.85, "fixed": {"neuron": "leaky"}, "top": 2, "candidates": 512}
    answer = client.post("/v1/recommend", json=asked).json()
    found = recommend(
        predictor, minimize="latency", min_accuracy=0.85, fixed={"neuron": "leaky"}, top=2, candidates=512
    )
    assert answer == as_json(found.to_dict())
    assert len(answer["recommendations"]) == 2


def test_sensitivity(client: TestClient, predictor: Predictor) -> None:
    answer = client.post("/v1/sensitivity", json={"of": "threshold", "choices": {"neuron": "leaky"}, "points": 5})
    assert answer.json() == as_json(sensitivity(predictor, "threshold", {"neuron": "leaky"}, points=5).to_dict())


def test_pareto(client: TestClient, predictor: Predictor) -> None:
    answer = client.get("/v1/pareto", params={"cost": "energy", "neuron": "lapicque", "candidates": 512})
    found = pareto(predictor, cost="energy", fixed={"neuron": "lapicque"}, candidates=512)
    assert answer.json() == as_json(found.to_dict())
    assert client.get("/v1/pareto", params={"cost": "beauty"}).status_code == 422
    assert client.get("/v1/pareto", params={"weight_bits": "8", "candidates": 256}).status_code == 200


def test_the_catalogue(client: TestClient, predictor: Predictor) -> None:
    choices = {one["name"]: one for one in client.get("/v1/choices").json()}
    assert choices["slope"]["allowed"] == {"above": 0, "most": 1000}
    assert choices["slope"]["default_within"]["values"]["atan"] == 2.0
    columns = predictor.measured.questions.columns
    atan = columns["slope"][(columns["surrogate"] == "atan") & (columns["dataset"] == "digits-saccade")]
    within = choices["slope"]["measured_within"]
    assert within["choices"] == ["dataset", "surrogate"]
    assert within["values"]["digits-saccade"]["atan"] == {"least": atan.min(), "most": atan.max()}
    assert choices["threshold"]["measured_within"]["choices"] == ["dataset"]
    spelled = choices["architecture"]["spelled"]["csnn-s"]
    assert spelled in choices["epochs"]["measured_within"]["values"]["nmnist"]
    assert choices["dataset"]["sources"]["digits-saccade"].startswith("simulated")
    assert choices["dataset"]["licences"]["nmnist"] == "CC BY-SA 4.0"
    assert (choices["weight_bits"]["kind"], choices["weight_bits"]["allowed"]) == ("name", [4, 8, 32])
    assert "sparse-core" in [one["name"] for one in client.get("/v1/hardware").json()]
    model = client.get("/v1/models").json()[0]
    assert (model["data"], model["shipped"]) == (predictor.manifest["data"], True)
    assert client.get("/v1/models/card").json() == as_json(dict(predictor.manifest))


def test_a_description_is_checked(client: TestClient) -> None:
    described = client.get("/v1/hardware").json()[0]
    assert client.post("/v1/hardware/check", json=described).json()["valid"]
    wrong = client.post("/v1/hardware/check", json={**described, "clock_mhz": -1})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "clock_mhz"

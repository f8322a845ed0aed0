"""A refit replaces the model without a pause; killed, it leaves the model as it was."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from spikecast._util.files import shipped_path
from spikecast.predictor import Predictor
from spikecast.rows import ROWS_FILE, read_rows, write_table
from spikecast.service import Settings, create_app

TOKEN = {"authorization": "Bearer secret"}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped_path("models/default"), tmp_path / "model"))


@pytest.fixture
def admin(model: Path, few_rows: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(model=model, data=few_rows, admin_token="secret"))) as client:
        yield client


def wait(client: TestClient, job_id: str, state: str) -> dict[str, Any]:
    for _ in range(1200):
        job: dict[str, Any] = client.get(f"/v1/jobs/{job_id}", headers=TOKEN).json()
        if job["state"] == state:
            return job
        assert job["state"] == "running", job
        time.sleep(0.1)
    raise AssertionError(job)


def test_a_refit_takes_over_without_a_pause(admin: TestClient, model: Path) -> None:
    before = admin.post("/v1/predict", json={}).json()
    job = admin.post("/v1/models/refit", headers=TOKEN)
    assert job.status_code == 202
    second = admin.post("/v1/models/refit", headers=TOKEN)
    assert (second.status_code, "runs already" in second.json()["detail"]) == (409, True)
    answers = []
    job_id = job.json()["id"]
    while admin.get(f"/v1/jobs/{job_id}", headers=TOKEN).json()["state"] == "running":
        answers.append(admin.post("/v1/predict", json={}))
    assert wait(admin, job_id, "done")["stage"] == "writing"
    assert all(answer.status_code == 200 for answer in answers)
    expected = Predictor.load(model).predict().latency_cycles.value
    assert expected != before["latency_cycles"]["value"]
    for _ in range(600):
        after = admin.post("/v1/predict", json={}).json()["latency_cycles"]["value"]
        if after == expected:
            break
        time.sleep(0.1)
    assert after == expected


def kill(job_id: str) -> None:
    found = subprocess.run(["pgrep", "-f", job_id], capture_output=True, text=True, check=True)
    os.kill(int(found.stdout.split()[0]), signal.SIGKILL)


def test_a_killed_refit_leaves_the_model(admin: TestClient, model: Path) -> None:
    before = {path.name: path.read_bytes() for path in model.iterdir()}
    job_id = admin.post("/v1/models/refit", headers=TOKEN).json()["id"]
    kill(job_id)
    assert "ended without a word" in wait(admin, job_id, "failed")["reason"]
    assert {path.name: path.read_bytes() for path in model.iterdir()} == before
    again = admin.post("/v1/models/refit", headers=TOKEN)
    assert again.status_code == 202
    # That another runs now does not bring the first one back.
    assert admin.get(f"/v1/jobs/{job_id}", headers=TOKEN).json()["state"] == "failed"
    kill(again.json()["id"])
    wait(admin, again.json()["id"], "failed")


def test_what_a_broken_refit_printed_is_kept(model: Path, few_rows: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(few_rows, tmp_path / "data"))
    write_table(data / ROWS_FILE, read_rows(data).assign(accuracy="high"))
    with TestClient(create_app(Settings(model=model, data=data, admin_token="secret"))) as client:
        job_id = client.post("/v1/models/refit", headers=TOKEN).json()["id"]
        wait(client, job_id, "failed")
    log = (model.parent / f".{model.name}.jobs" / f"{job_id}.log").read_text()
    assert log.startswith("Traceback")


def test_a_refit_of_too_few_rows_says_so(model: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with TestClient(create_app(Settings(model=model, data=tmp_path / "empty", admin_token="secret"))) as client:
        job_id = client.post("/v1/models/refit", headers=TOKEN).json()["id"]
        assert str(tmp_path / "empty") in wait(client, job_id, "failed")["reason"]


def test_refits_need_the_token(admin: TestClient, client: TestClient) -> None:
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic secret"}):
        refused = admin.post("/v1/models/refit", headers=headers)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    off = client.post("/v1/models/refit", headers=TOKEN)
    assert (off.status_code, "refits are off" in off.json()["detail"]) == (403, True)
    for strange in ("0" * 32, "..%2F..%2Fetc%2Fpasswd", "lock"):
        assert admin.get(f"/v1/jobs/{strange}", headers=TOKEN).status_code == 404

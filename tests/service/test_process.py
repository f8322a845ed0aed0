"""The process that serves: what it loads, how it ends, and what is left when it is killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx2

from spikecast._util.files import shipped_path

#: Answers a prediction of every kind, then prints what it has loaded.
ANSWERS = """
import sys
from fastapi.testclient import TestClient
from spikecast_cli.serve import application
with TestClient(application(), base_url="http://localhost") as client:
    for place, body in (
        ("/v1/predict", {"explain": True}),
        ("/v1/predict/batch", {"rows": [{"beta": 0.4}]}),
        ("/v1/recommend", {"minimize": "latency", "candidates": 256}),
        ("/v1/sensitivity", {"of": "beta", "points": 3}),
    ):
        assert client.post(place, json=body).status_code == 200, place
    for place in ("/v1/pareto?candidates=256", "/v1/choices", "/v1/hardware", "/metrics", "/"):
        assert client.get(place).status_code == 200, place
print(*sys.modules)
"""


def test_what_serves_loads_nothing_that_trains() -> None:
    told = subprocess.run([sys.executable, "-c", ANSWERS], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in told.stdout.split()}
    assert "fastapi" in loaded
    assert not loaded & {"torch", "snntorch", "tonic", "sklearn", "xgboost"}


def test_what_is_in_flight_is_answered_before_the_end(serve: Any) -> None:
    served = serve()
    body = json.dumps({"rows": [{"beta": 0.3 + n / 1000} for n in range(500)]}).encode()
    # Half of a request is in flight for as long as the test wants.
    with closing(HTTPConnection("127.0.0.1", int(served.url.rpartition(":")[2]))) as asking:
        asking.putrequest("POST", "/v1/predict/batch")
        asking.putheader("content-type", "application/json")
        asking.putheader("content-length", str(len(body)))
        asking.endheaders()
        asking.send(body[: len(body) // 2])
        wait_until(lambda: "spikecast_requests_in_flight 2.0" in httpx2.get(f"{served.url}/metrics").text)
        served.process.send_signal(signal.SIGTERM)
        wait_until(lambda: refused(served.url))
        assert served.process.poll() is None
        asking.send(body[len(body) // 2 :])
        answer = asking.getresponse()
        assert answer.status == 200
        assert [row["error"] for row in json.loads(answer.read())["rows"]] == [None] * 500
    assert served.process.wait(timeout=60) == 0


#: A service that promises to end within two seconds, with a search that never ends.
HASTY = """
import sys, time
from spikecast.service.api import advice
from spikecast_cli import serve
advice.search = lambda *given, **named: time.sleep(1e6)
serve._GRACE_S, serve._END_S = 1, 2
serve.serve(port=int(sys.argv[1]))
"""


def test_it_ends_in_time_whatever_still_runs(serve: Any) -> None:
    served = serve(program=("-c", HASTY))
    with closing(HTTPConnection("127.0.0.1", int(served.url.rpartition(":")[2]))) as asking:
        asking.request("POST", "/v1/recommend", b'{"minimize": "latency"}', {"content-type": "application/json"})
        wait_until(lambda: "spikecast_requests_in_flight 2.0" in httpx2.get(f"{served.url}/metrics").text)
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(timeout=60) == 0


def test_workers_end_with_their_parent(serve: Any) -> None:
    served = serve("--workers", "2")
    served.process.kill()
    served.process.wait()
    wait_until(lambda: refused(served.url))


def test_killed_while_it_refits_it_serves_the_old_model_again(serve: Any, tmp_path: Path, few_rows: Path) -> None:
    model = Path(shutil.copytree(shipped_path("models/default"), tmp_path / "model"))
    options, token = ("--model", model, "--data", few_rows), {"authorization": "Bearer secret"}
    before = {path.name: path.read_bytes() for path in model.iterdir()}
    served = serve(*options, SPIKECAST_ADMIN_TOKEN="secret")
    answer = httpx2.post(f"{served.url}/v1/predict", json={}).json()
    job_id = httpx2.post(f"{served.url}/v1/models/refit", headers=token).json()["id"]

    def stage(url: str) -> dict[str, Any]:
        told: dict[str, Any] = httpx2.get(f"{url}/v1/jobs/{job_id}", headers=token).json()
        return told

    wait_until(lambda: stage(served.url)["stage"] not in ("starting", "reading rows"))
    served.process.kill()
    served.process.wait()
    # A process that it is just starting still bears its name.
    refit = subprocess.check_output(["pgrep", "-f", job_id], text=True).split()[0]
    os.kill(int(refit), signal.SIGKILL)
    assert {path.name: path.read_bytes() for path in model.iterdir()} == before

    again = serve(*options, SPIKECAST_ADMIN_TOKEN="secret")
    assert httpx2.get(f"{again.url}/readyz").status_code == 200
    assert httpx2.post(f"{again.url}/v1/predict", json={}).json() == answer
    assert stage(again.url)["state"] == "failed"
    # Nothing that was left behind is in the way of the next.
    following = httpx2.post(f"{again.url}/v1/models/refit", headers=token).json()["id"]
    wait_until(lambda: httpx2.get(f"{again.url}/v1/jobs/{following}", headers=token).json()["state"] == "done")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".model.jobs", "model"]


def refused(url: str) -> bool:
    try:
        httpx2.get(f"{url}/healthz")
    except httpx2.ConnectError:
        return True
    except httpx2.TransportError:
        # A worker that was still starting when its parent went listens a little longer.
        return False
    return False


def wait_until(true: Any) -> None:
    for _ in range(2400):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it never was")

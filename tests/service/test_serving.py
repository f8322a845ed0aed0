"""A new bundle takes over; a bad one leaves the old in place, and is told."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from spikecast._util.files import shipped_path
from spikecast.predictor import Predictor
from spikecast.service import Settings, create_app
from spikecast.service.serving import Serving

REPOSITORY = Path(__file__).parents[2]
SMALL = REPOSITORY / "tests" / "predictor" / "bundles" / "format2" / "bundle"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "model"))


def replace(folder: Path, by: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(by, folder)


def ready(client: TestClient, status: int) -> Response:
    """What /readyz says once it has this status; the service looks at its folder every second."""
    for _ in range(600):
        answer = client.get("/readyz")
        if answer.status_code == status:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"still {answer.status_code}: {answer.text}")


def test_a_new_bundle_takes_over(folder: Path) -> None:
    serving = Serving(folder)
    first = serving.predictor
    assert first.predict() == Predictor.load(SMALL).predict()
    serving.refresh()
    assert serving.predictor is first
    replace(folder, shipped_path("models/default"))
    serving.refresh()
    assert serving.predictor.predict() == Predictor.load().predict()
    assert serving.trouble is None


def no_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def no_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def another_digest(folder: Path) -> None:
    (folder / "manifest.sha256").write_text("0" * 64)


def another_byte(folder: Path) -> None:
    file = folder / "measured.npz"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def pipe(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    os.mkfifo(folder / "manifest.json")


def another_file(folder: Path) -> None:
    (folder / "more.npz").touch()


HARM = pytest.mark.parametrize(
    ("harm", "says"),
    [
        (no_folder, "no predictor bundle at"),
        (no_manifest, "lacks manifest.json"),
        (another_digest, "manifest.json was changed since the bundle was written"),
        (another_byte, "measured.npz was changed since the bundle was written"),
        (pipe, "manifest.json is no file: put the bundle's own in its place"),
        (another_file, "more.npz is no part of the predictor bundle"),
    ],
)


@HARM
def test_a_bad_bundle_answers_nothing_until_it_is_mended(folder: Path, harm: Callable[[Path], None], says: str) -> None:
    harm(folder)
    with TestClient(create_app(Settings(model=folder))) as client:
        assert client.get("/healthz").status_code == 200
        for answer in (client.get("/readyz"), client.post("/v1/predict", json={}), client.get("/v1/choices")):
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
            assert says in answer.json()["detail"]
        replace(folder, SMALL)
        ready(client, 200)
        assert client.post("/v1/predict", json={}).status_code == 200


@HARM
def test_a_bundle_that_turns_bad_leaves_the_old_answering(
    folder: Path, harm: Callable[[Path], None], says: str
) -> None:
    with TestClient(create_app(Settings(model=folder))) as client:
        before = client.post("/v1/predict", json={}).json()
        assert client.get("/readyz").status_code == 200
        harm(folder)
        trouble = ready(client, 503)
        assert says in trouble.json()["detail"]
        assert client.post("/v1/predict", json={}).json() == before
        assert "spikecast_ready 0.0" in client.get("/metrics").text
        replace(folder, SMALL)
        ready(client, 200)


def test_threads_end_with_the_application() -> None:
    before = set(threading.enumerate())
    with TestClient(create_app()) as client:
        assert client.post("/v1/predict", json={"explain": True}).status_code == 200
        own = [thread for thread in set(threading.enumerate()) - before if thread.name.startswith(("answers", "expl"))]
    assert len(own) == 2
    for thread in own:
        thread.join(timeout=60)
        assert not thread.is_alive()

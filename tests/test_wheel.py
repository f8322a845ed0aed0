"""The built wheel works alone: in an empty environment, from another folder, without the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(repository)]
    subprocess.run(command, check=True, capture_output=True)
    return next(out.glob("*.whl"))


def test_wheel_carries_what_it_needs(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "spikecast/shipped/models/default/manifest.json",
        "spikecast/shipped/data/events/nmnist.npz",
        "spikecast/shipped/data/events/README.md",
        "spikecast/accelerator/hardware_files/sparse-core.yaml",
        "spikecast/py.typed",
        "spikecast/service/page/static/index.html",
        "spikecast_cli/main.py",
    } <= names
    assert not any("tests" in name or "characterization.parquet" in name for name in names)


def test_wheel_predicts_from_an_empty_environment(wheel: Path, repository: Path, tmp_path: Path) -> None:
    environment, elsewhere = tmp_path / "env", tmp_path / "elsewhere"
    elsewhere.mkdir()
    venv.create(environment, with_pip=True)
    pip = [environment / "bin" / "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check"]
    subprocess.run([*pip, "-c", repository / "constraints.txt", wheel], check=True, capture_output=True)
    spikecast = environment / "bin" / "spikecast"
    command = [spikecast, "predict", "--surrogate", "sre", "--neuron", "lapicque", "--json"]
    result = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, check=True)
    assert json.loads(result.stdout)["in_domain"] is True
    missing = [spikecast, "characterize", "--space", repository / "spaces" / "smoke.yaml", "--out", "data"]
    refused = subprocess.run(missing, cwd=elsewhere, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "pip install 'spikecast[train]'" in refused.stderr
    refused = subprocess.run([spikecast, "serve"], cwd=elsewhere, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "pip install 'spikecast[serve]'" in refused.stderr
    drawing = [spikecast, "pareto", "--out", "front.html"]
    refused = subprocess.run(drawing, cwd=elsewhere, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "pip install 'spikecast[report]'" in refused.stderr
    assert list(elsewhere.iterdir()) == []

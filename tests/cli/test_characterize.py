"""``spikecast characterize``: plan, budget, status, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spikecast.accelerator import load_hardware
from spikecast.characterize import store as store_module
from spikecast.characterize._plan import SHIPPED_SECONDS_PER_WORK, plan, work
from spikecast.characterize.runner import local_processes, run as run_trials
from spikecast.characterize.space import load_space
from spikecast.characterize.store import Store
from spikecast.choices import TrainingChoices
from spikecast.rows import read_rows
from spikecast_cli.options import parse_duration

from .conftest import Run, printed, refused

REPOSITORY = Path(__file__).parents[2]
SPACES = sorted((REPOSITORY / "spaces").glob("*.yaml"))
TRIALS = {
    "digits": 316,
    "first": 432,
    "mnist-dvs": 51,
    "pairs": 144,
    "phase1": 276,
    "phase2": 192,
    "seeds": 240,
    "smoke": 8,
    "vgg9": 64,
    "wide": 880,
}


@pytest.fixture
def space(tmp_path: Path) -> Path:
    path = tmp_path / "space.yaml"
    path.write_text(
        "name: four\nblocks:\n"
        "  - fixed: {architecture: FC10, input_size: 8, timesteps: 1, epochs: 1}\n"
        "    grid: {threshold: [0.2, 0.4, 0.6, 0.8]}\n"
    )
    return path


@pytest.mark.parametrize("path", SPACES, ids=lambda path: path.stem)
def test_every_shipped_space_can_be_planned(path: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "new"
    planned = json.loads(
        printed(run, "characterize", "--space", path, "--out", out, "--jobs", 2, "--dry-run", "--json")
    )
    assert planned["trials"] == planned["left"] == TRIALS[path.stem]
    assert planned["rate_from"] == "shipped rows"
    assert planned["left_seconds"] > 0
    assert not out.exists()


def test_networks_take_room(space: Path, tmp_path: Path, run: Run) -> None:
    command = ["--space", space, "--out", tmp_path / "new", "--dry-run", "--json"]
    without = json.loads(printed(run, "characterize", *command))["left_bytes"]
    with_them = json.loads(printed(run, "characterize", *command, "--networks"))["left_bytes"]
    # Four networks of 2 x 8 x 8 inputs and 10 neurons, 4 bytes a weight.
    assert with_them - without == 4 * 128 * 10 * 4


def test_the_shipped_rate_is_that_of_the_shipped_rows() -> None:
    rows = read_rows(REPOSITORY / "data" / "characterization")
    usual = TrainingChoices(epochs=12)
    for name in ("dataset", "architecture", "epochs", "timesteps"):
        rows = rows[rows[name] == getattr(usual, name)]
    fused = rows[rows["neuron_engine"] == "fused"]
    seconds = fused["train_seconds"] + fused["simulate_seconds"]
    assert seconds.quantile(0.25) < SHIPPED_SECONDS_PER_WORK * work(usual) < seconds.quantile(0.5)


def test_own_rows_are_the_better_rate(space: Path, tmp_path: Path) -> None:
    trials = load_space(space).trials()
    list(run_trials(local_processes(Store(tmp_path / "data"), load_hardware("sparse-core"), jobs=1), trials[:2]))
    planned = plan(trials, tmp_path / "data", jobs=1)
    assert (planned.finished, planned.left, planned.rate_from) == (2, 2, "own rows")


def test_a_budget_stops_and_status_tells(space: Path, tmp_path: Path, run: Run) -> None:
    command = ["--space", space, "--out", tmp_path / "data"]
    assert "--budget is over" in printed(run, "characterize", *command, "--budget", "0.001s")
    assert "stopped" not in json.loads(printed(run, "characterize", *command, "--budget", "2h", "--json"))
    status = json.loads(printed(run, "characterize", "status", tmp_path / "data", "--json"))
    assert (status["done"], status["failed"], status["running"]) == (4, 0, 0)
    assert printed(run, "characterize", "status", tmp_path / "data").startswith(f"{tmp_path / 'data'}: 4 done")


def test_durations() -> None:
    assert [parse_duration(text, "--budget") for text in ("90s", "30m", "2h")] == [90, 1800, 7200]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--budget", "soon"], "--budget 'soon' is not allowed"),
        (["--budget", "0s"], "write 90s, 30m or 2h"),
        (["--scheduler", "tcp://127.0.0.1:1"], "add --backend dask"),
        (["--hardware", "pulse-small"], "lists 4 layers (32, 16, 8, 8), the network has 1 (fc1)"),
        (["--hardware", "pulse-small", "--dry-run"], "lists 4 layers"),
    ],
)
def test_refused_in_one_line(arguments: list[object], said: str, space: Path, tmp_path: Path, run: Run) -> None:
    assert said in refused(run, "characterize", "--space", space, "--out", tmp_path / "new", *arguments)
    assert not (tmp_path / "new").exists()


def test_a_full_disk_keeps_earlier_rows(space: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path / "data")
    list(run_trials(local_processes(store, load_hardware("sparse-core"), jobs=1), load_space(space).trials()[:2]))
    store.compact()

    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store_module, "whole_file", full)
    code, _, err = run("characterize", "--space", space, "--out", tmp_path / "data")
    assert code == 2
    assert "No space left on device; finished trials in it are kept" in err
    assert len(read_rows(tmp_path / "data")) == 2

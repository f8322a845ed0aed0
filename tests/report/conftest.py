"""A data folder with every block that the shipped spaces make, with made-up numbers."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from spikecast.characterize.space import load_space
from spikecast.choices import TrainingChoices
from spikecast.neurons import dynamics
from spikecast.rows import ROWS_FILE, read_rows, split_of, write_table

BLOCKS = ("phase1", "phase2", "seeds", "pairs")


@pytest.fixture(scope="session")
def shipped(repository: Path) -> pd.DataFrame:
    return read_rows(repository / "data" / "characterization")


@pytest.fixture(scope="session")
def keys(repository: Path) -> dict[str, set[str]]:
    """The keys of every block's trials."""
    return {name: {trial.key for trial in trials(repository, name)} for name in BLOCKS}


@pytest.fixture(scope="session")
def every_block(repository: Path, shipped: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with made-up rows of every block, rows of another data set, and findings."""
    folder = tmp_path_factory.mktemp("every_block")
    chosen = {trial.key: trial for name in BLOCKS for trial in trials(repository, name)}
    random = np.random.default_rng(1)
    rows = [
        made_up(trial, shipped["hardware_description"].iloc[0], random)
        for trial in [*chosen.values(), *trials(repository, "digits")[:60]]
    ]
    write_table(folder / ROWS_FILE, pd.DataFrame(rows))
    (folder / "findings.md").write_text(
        "# Found\n\nMore **spikes** than <script>alert(1)</script>\n\n| a |\n|---|\n| 1 |\n"
    )
    return folder


def trials(repository: Path, name: str) -> list[TrainingChoices]:
    return load_space(repository / "spaces" / f"{name}.yaml").trials()


def made_up(choices: TrainingChoices, hardware: str, random: np.random.Generator) -> dict[str, Any]:
    """A row: accuracy falls with the distance from slope 2, latency with the threshold at gain 1."""
    membrane = dynamics(choices.neuron, choices.beta, choices.alpha)
    threshold = choices.threshold / membrane.gain
    away = math.log2(choices.slope / 2)
    status = "silent" if threshold > 6 else "collapsed" if away > 4.7 else "ok"
    learned = 0.93 - 0.02 * abs(away) - 0.03 * max(threshold - 1.5, 0) + random.normal(0, 0.01)
    sparsity = 1.0 if status == "silent" else 1 - 0.2 / (1 + threshold)
    return {
        "key": choices.key,
        "config_key": choices.config_key,
        **choices.model_dump(),
        "split": split_of(choices.config_key),
        "status": status,
        "accuracy": round(300 * min(learned, 0.99)) / 300 if status == "ok" else 0.1,
        "sparsity": sparsity,
        "latency_cycles": 20_000 + 200_000 * (1 - sparsity) * math.exp(random.normal(0, 0.05)),
        **{f"sparsity_{layer.name}": sparsity for layer in choices.layers},
        "hardware": "sparse-core",
        "hardware_description": hardware,
        "evaluated_samples": 300,
        "train_seconds": 36.0,
        "simulate_seconds": 0.0,
        "versions": "made up",
    }

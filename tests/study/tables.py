"""Small tables of made-up rows, in the form that a data folder has."""

from __future__ import annotations

from typing import Any

import pandas as pd

from spikecast.accelerator import load_hardware
from spikecast.choices import TrainingChoices

_HARDWARE = load_hardware("sparse-core").model_dump_json()
#: Accuracy and latency of networks that learned nothing.
_FAILED = {"silent": (0.1, 100.0), "collapsed": (0.1, 100.0), "diverged": (None, None), "failed": (None, None)}


def row(
    accuracy: float | None = 0.9,
    latency_cycles: float | None = 1000.0,
    status: str = "ok",
    **choices: Any,
) -> dict[str, Any]:
    """A row; one that is not ok gets the numbers of its status."""
    if status != "ok":
        accuracy, latency_cycles = _FAILED[status]
    # Both neuron models have the same membrane unless told otherwise.
    made = TrainingChoices(**({"beta": 0.5, "threshold": 0.5} | choices))
    sparsity = None if accuracy is None else 0.8
    return {
        "key": made.key,
        "config_key": made.config_key,
        **made.model_dump(),
        "status": status,
        "accuracy": accuracy,
        "sparsity": sparsity,
        "latency_cycles": latency_cycles,
        "sparsity_conv1": sparsity,
        "sparsity_fc1": sparsity,
        "hardware": "sparse-core",
        "hardware_description": _HARDWARE,
        "evaluated_samples": None if accuracy is None else 300.0,
        "train_seconds": 3600.0,
        "simulate_seconds": 0.0,
        "versions": "made up",
    }


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(rows).astype({"accuracy": float, "latency_cycles": float, "evaluated_samples": float})

"""Fit a predictor on a data folder and write it as a bundle."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

import pandas as pd
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from spikecast.accelerator.hardware import Hardware
from spikecast.errors import InputError
from spikecast.predictor.bundle import discard, require_replaceable, staging_folder, write_bundle
from spikecast.predictor.conformal import COVERAGE
from spikecast.predictor.features import FEATURE_NAMES
from spikecast.predictor.fit_outcome import fit_outcome
from spikecast.predictor.fit_target import fit_target
from spikecast.predictor.gather import gather
from spikecast.predictor.targets import Target, targets
from spikecast.rows import ROWS_FILE, choices_of, read_rows

#: Fewer configurations than this cannot be cross-validated in any meaningful way.
FEWEST_CONFIGURATIONS = 20
_VERSIONED = ("spikecast", "numpy", "scikit-learn", "xgboost-cpu")


def fit(data: Path, out: Path, jobs: int = 1) -> dict[str, Any]:
    """Fit on the ``train`` rows of ``data`` in ``jobs`` processes, write a bundle to ``out``, return its manifest.

    The same data give the same bundle, however many processes.

    Raises:
        InputError: the data cannot be used, or ``out`` holds something else.
    """
    # Sorted, so that the order of rows in the file changes nothing.
    rows = read_rows(data).sort_values("key")
    require_replaceable(out)
    hardware = _one_hardware(rows)
    train = rows[(rows["split"] == "train") & (rows["status"] != "failed")].reset_index(drop=True)
    fitted = train[train["status"] == "ok"].reset_index(drop=True)
    test = rows[(rows["split"] == "test") & (rows["status"] == "ok")].reset_index(drop=True)
    if fitted["config_key"].nunique() < FEWEST_CONFIGURATIONS:
        raise InputError(
            f"{data} holds {fitted['config_key'].nunique()} ok configurations to fit on: "
            f"at least {FEWEST_CONFIGURATIONS} are needed; characterize more"
        )
    wanted = targets(_layer_names(fitted))
    staged = staging_folder(out)
    try:
        entries = Parallel(n_jobs=jobs)(delayed(_fit_target)(target, fitted, test, staged) for target in wanted)
        gather(train).save(staged / "measured.json")
        manifest = {
            "features": list(FEATURE_NAMES),
            "coverage": COVERAGE,
            "hardware": hardware.model_dump(),
            "data": _data_summary(data, rows, train),
            "versions": {"python": python_version()} | {name: version(name) for name in _VERSIONED},
            "outcome": fit_outcome(train, staged),
            "targets": {target.name: entry for target, entry in zip(wanted, entries, strict=True)},
        }
        write_bundle(out, staged, manifest)
    except BaseException:
        discard(staged)
        raise
    return manifest


def _fit_target(target: Target, fitted: pd.DataFrame, test: pd.DataFrame, folder: Path) -> dict[str, Any]:
    # On one thread: sums in linear algebra then run in one order, so that any number of processes gives one result.
    with threadpool_limits(1):
        return fit_target(target, fitted, test, folder)


def _layer_names(fitted: pd.DataFrame) -> tuple[str, ...]:
    """Layers of the fitted networks, in order; only networks of one architecture can be fitted together."""
    architectures = sorted(set(fitted["architecture"]))
    if len(architectures) > 1:
        raise InputError(
            f"the data hold {len(architectures)} architectures ({', '.join(architectures)}): fit one at a time"
        )
    return tuple(shape.name for shape in choices_of(fitted.iloc[0].to_dict()).layers)


def _one_hardware(rows: pd.DataFrame) -> Hardware:
    described = [Hardware.model_validate_json(text) for text in sorted(set(rows["hardware_description"]))]
    if any(hardware.timing != described[0].timing for hardware in described):
        names = ", ".join(sorted(set(rows["hardware"])))
        raise InputError(f"the data were timed on different hardware ({names}): fit one at a time")
    return described[0]


def _data_summary(data: Path, rows: pd.DataFrame, train: pd.DataFrame) -> dict[str, Any]:
    return {
        "sha256": hashlib.sha256((data / ROWS_FILE).read_bytes()).hexdigest(),
        "rows": len(train),
        "configurations": int(train["config_key"].nunique()),
        "test_rows": int((rows["split"] == "test").sum()),
        "status": {str(name): int(count) for name, count in rows["status"].value_counts().items()},
    }

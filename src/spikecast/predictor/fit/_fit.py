"""Fit a predictor on a data folder and write it as a bundle."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

import pandas as pd
from pydantic import ValidationError

from spikecast.accelerator.hardware import DEFAULT_HARDWARE, Hardware, load_hardware
from spikecast.errors import InputError
from spikecast.predictor.bundle import discard, require_replaceable, staging_folder, write_bundle
from spikecast.predictor.features import FEATURE_NAMES
from spikecast.predictor.fit.assembly import fit_parts, no_progress
from spikecast.predictor.fit.judge import all_scores, judged
from spikecast.predictor.fit.learned_rows import Learnable
from spikecast.predictor.intervals import COVERAGE
from spikecast.predictor.parts import OTHER_HARDWARE, Parts
from spikecast.rows import ROWS_FILE, read_rows, read_traces

#: Fewer configurations than this cannot be cross-validated in any meaningful way.
FEWEST_CONFIGURATIONS = 20
_VERSIONED = ("spikecast", "numpy", "scikit-learn", "xgboost-cpu")


def fit(data: Path, out: Path, jobs: int = 1, progress: Callable[[str], None] = no_progress) -> dict[str, Any]:
    """Fit on the ``train`` rows of a data folder, and write a bundle.

    The same data give the same bundle, however many processes.

    Args:
        data: the data folder.
        out: folder of the bundle; a bundle that is there is replaced.
        jobs: processes.
        progress: is called with the name of each stage as it begins.

    Returns:
        The bundle's manifest.

    Raises:
        InputError: the data cannot be used, or ``out`` holds something else.
    """
    progress("reading rows")
    # Sorted, so that the order of rows in the file changes nothing.
    rows = read_rows(data).sort_values("key", ignore_index=True)
    traces = read_traces(data)
    require_replaceable(out)
    hardware = one_hardware(rows)
    train = rows[(rows["split"] == "train") & (rows["status"] != "failed")].reset_index(drop=True)
    _require_enough(data, train)
    parts, validation = fit_parts(Learnable.of(train, traces), hardware, jobs, progress)
    progress("testing")
    tested = all_scores(judged(parts, rows[rows["split"] == "test"]))
    progress("writing")
    staged = staging_folder(out)
    try:
        manifest = {
            "features": list(FEATURE_NAMES),
            "coverage": COVERAGE,
            "hardware": hardware.model_dump(),
            "data": _data_summary(data, rows, train),
            "versions": {"python": python_version()} | {name: version(name) for name in _VERSIONED},
            "roles": list(parts.activity.roles),
            "outcome": {"file": "outcome.json"} | validation["outcome"],
            "targets": _saved(parts, validation["targets"], tested, staged),
        }
        write_bundle(out, staged, manifest)
    except BaseException:
        discard(staged)
        raise
    return manifest


def one_hardware(rows: pd.DataFrame) -> Hardware:
    """The hardware that timed all rows.

    Energy is learned through spikes, whatever an operation costs. So where the description has no energy table that of
    ``sparse-core`` stands in, and the predictor can be asked about energy on any hardware that has one.

    Raises:
        InputError: there are no rows; a description is none; there were several, with different timing.
    """
    if rows.empty:
        raise InputError("the data hold no rows that ended in a network: characterize some")
    try:
        described = [Hardware.model_validate_json(text) for text in sorted(set(rows["hardware_description"].map(str)))]
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise InputError(f"a hardware_description of the data is none ({reason}): see spikecast data check") from None
    if any(hardware.timing != described[0].timing for hardware in described):
        names = ", ".join(sorted(set(rows["hardware"])))
        raise InputError(f"the data were timed on different hardware ({names}): fit one at a time")
    found = described[0]
    return found if found.energy else found.model_copy(update={"energy": load_hardware(DEFAULT_HARDWARE).energy})


def _require_enough(data: Path, train: pd.DataFrame) -> None:
    """Refuse rows that cannot be cross-validated."""
    configurations = train.loc[train["status"] == "ok", "config_key"].nunique()
    if configurations < FEWEST_CONFIGURATIONS:
        raise InputError(
            f"{data} holds {configurations} ok configurations to fit on: "
            f"at least {FEWEST_CONFIGURATIONS} are needed; characterize more"
        )


def _saved(
    parts: Parts, validation: dict[str, Any], tested: dict[str, dict[str, float]], folder: Path
) -> dict[str, dict[str, Any]]:
    """Write all parts to ``folder``; returns the manifest's entry of every target."""
    parts.references.save(folder / "references.npz")
    parts.activity.save(folder)
    parts.outcome.save(folder / "outcome.json")
    parts.measured.save(folder / "measured.npz")
    entries = {}
    for name, entry in validation.items():
        files = parts.black_boxes[name].save(folder, name) if name in parts.black_boxes else {}
        entries[name] = {**entry, **asdict(parts.widths[name]), **files, "test": tested.get(name, {})}
    if OTHER_HARDWARE in parts.widths:
        entries["latency_cycles"][OTHER_HARDWARE] = asdict(parts.widths[OTHER_HARDWARE])
    return entries


def _data_summary(data: Path, rows: pd.DataFrame, train: pd.DataFrame) -> dict[str, Any]:
    return {
        "sha256": hashlib.sha256((data / ROWS_FILE).read_bytes()).hexdigest(),
        "rows": len(train),
        "configurations": int(train["config_key"].nunique()),
        "test_rows": int((rows["split"] == "test").sum()),
        "status": {str(name): int(count) for name, count in rows["status"].value_counts().items()},
    }

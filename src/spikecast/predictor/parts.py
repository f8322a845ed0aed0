"""What a predictor is made of, and how a bundle's files hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from spikecast._util.arrays import Array
from spikecast.accelerator.hardware import Hardware
from spikecast.predictor.features import column_indices
from spikecast.predictor.intervals import Widths
from spikecast.predictor.manifest import SHIPPABLE
from spikecast.predictor.measured import Measured
from spikecast.predictor.models import BoostedTrees, OutcomeModel, Regressor, StoredFiles
from spikecast.predictor.spikes.activity import ActivityModel
from spikecast.predictor.spikes.references import ReferenceTraces
from spikecast.predictor.targets import LAYER_SPARSITY, Target


@dataclass(frozen=True)
class BlackBox:
    """A fitted regressor and how wrong it is likely to be.

    Attributes:
        model: columns of the feature matrix -> the target on its learning scale.
        columns: names of the features that it is given.
        error: the feature matrix -> logarithm of the standard deviation.
    """

    model: Regressor
    columns: tuple[str, ...]
    error: BoostedTrees

    def predict(self, x: Array) -> tuple[Array, Array]:
        """(value, standard deviation) on the learning scale, float64[rows] each; x is a ``feature_matrix``."""
        return self.model.predict(x[:, column_indices(self.columns)]), np.exp(self.error.predict(x))

    def save(self, folder: Path, name: str) -> dict[str, Any]:
        """Write to ``folder``; returns what ``load`` needs to know."""
        files = {"file": f"{name}.{self.model.suffix}", "error_file": f"{name}_error.{self.error.suffix}"}
        self.model.save(folder / files["file"])
        self.error.save(folder / files["error_file"])
        return {"columns": list(self.columns), **files}

    @classmethod
    def load(cls, files: StoredFiles, entry: Mapping[str, Any]) -> Self:
        """Read what a target's ``entry`` of a manifest names."""
        model = SHIPPABLE[entry["model"]].load(files / entry["file"])
        return cls(model, tuple(entry["columns"]), BoostedTrees.load(files / entry["error_file"]))


#: Name of latency's second widths.
OTHER_HARDWARE = "elsewhere"


@dataclass(frozen=True)
class Parts:
    """All that a predictor is made of.

    Attributes:
        references: measured traces, and what enters the networks.
        activity: spikes of every layer from choices.
        black_boxes: by target, regressors that beat what follows from the spikes; for the fitted hardware alone.
        widths: of the intervals of every target, and of ``layer_sparsity``; where a regressor answers for latency also
            OTHER_HARDWARE, of what follows from the spikes, which answers on other hardware.
        outcome: probabilities of the outcomes.
        measured: the configurations fitted on.
        hardware: what they were timed on.
    """

    references: ReferenceTraces
    activity: ActivityModel
    black_boxes: Mapping[str, BlackBox]
    widths: Mapping[str, Widths]
    outcome: OutcomeModel
    measured: Measured
    hardware: Hardware

    @classmethod
    def load(cls, files: StoredFiles, manifest: Mapping[str, Any]) -> Self:
        """Read them from a bundle's files, as its manifest describes them."""
        entries = manifest["targets"]
        widths = {name: _widths(entry) for name, entry in entries.items()}
        if OTHER_HARDWARE in entries["latency_cycles"]:
            widths[OTHER_HARDWARE] = _widths(entries["latency_cycles"][OTHER_HARDWARE])
        return cls(
            references=ReferenceTraces.load(files / "references.npz"),
            activity=ActivityModel.load(
                files, manifest["roles"], Target(LAYER_SPARSITY.name, entries[LAYER_SPARSITY.name]["scale"])
            ),
            black_boxes={name: BlackBox.load(files, entry) for name, entry in entries.items() if "file" in entry},
            widths=widths,
            outcome=OutcomeModel.load(files / manifest["outcome"]["file"]),
            measured=Measured.load(files / "measured.npz"),
            hardware=Hardware(**manifest["hardware"]),
        )


def _widths(entry: Mapping[str, Any]) -> Widths:
    return Widths(entry["factor"], entry["ignorance"], entry.get("within", {}), entry.get("unseen", {}))

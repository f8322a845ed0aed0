"""What a predictor is made of, and how a bundle's files hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from spikecast.accelerator.hardware import Hardware
from spikecast.predictor.activity import ActivityModel
from spikecast.predictor.black_box import BlackBox
from spikecast.predictor.measured import Measured
from spikecast.predictor.models import OutcomeModel
from spikecast.predictor.reference_traces import ReferenceTraces
from spikecast.predictor.spread import Spread
from spikecast.predictor.targets import LAYER_SPARSITY, Target

#: Name of latency's second spread.
ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Parts:
    """All that a predictor is made of.

    Attributes:
        references: measured traces, and what enters the networks.
        activity: spikes of every layer from choices.
        black_boxes: by target, regressors that beat what follows from the spikes; for the fitted hardware alone.
        spreads: by target, and ``layer_sparsity``; where a regressor answers for latency also ELSEWHERE, of what
            follows from the spikes, which answers on other hardware.
        outcome: probabilities of the outcomes.
        measured: the configurations fitted on.
        hardware: what they were timed on.
    """

    references: ReferenceTraces
    activity: ActivityModel
    black_boxes: Mapping[str, BlackBox]
    spreads: Mapping[str, Spread]
    outcome: OutcomeModel
    measured: Measured
    hardware: Hardware

    @classmethod
    def load(cls, folder: Path, manifest: Mapping[str, Any]) -> Self:
        """Read them from a bundle's files, as its manifest describes them."""
        entries = manifest["targets"]
        spreads = {name: _spread(entry) for name, entry in entries.items()}
        if ELSEWHERE in entries["latency_cycles"]:
            spreads[ELSEWHERE] = _spread(entries["latency_cycles"][ELSEWHERE])
        return cls(
            references=ReferenceTraces.load(folder / "references.npz"),
            activity=ActivityModel.load(
                folder, manifest["roles"], Target(LAYER_SPARSITY.name, entries[LAYER_SPARSITY.name]["scale"])
            ),
            black_boxes={name: BlackBox.load(folder, entry) for name, entry in entries.items() if "file" in entry},
            spreads=spreads,
            outcome=OutcomeModel.load(folder / manifest["outcome"]["file"]),
            measured=Measured.load(folder / "measured.npz"),
            hardware=Hardware(**manifest["hardware"]),
        )


def _spread(entry: Mapping[str, Any]) -> Spread:
    return Spread(entry["factor"], entry["ignorance"], entry.get("within", {}), entry.get("unseen", {}))

"""Whether networks turn out as predicted, once they are trained and simulated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import spikecast.characterize
import spikecast.events
from spikecast.accelerator.simulation import simulate
from spikecast.choices import TrainingChoices

if TYPE_CHECKING:
    from spikecast.accelerator import Hardware
    from spikecast.predictor import Interval, Prediction


@dataclass(frozen=True)
class Check:
    """A target of a trained network: what was predicted and what was measured, in the target's unit."""

    target: str
    predicted: Interval
    measured: float

    @property
    def inside(self) -> bool:
        """Whether the measured value lies in the predicted interval."""
        return self.predicted.low <= self.measured <= self.predicted.high


@dataclass(frozen=True)
class Verification:
    """What became of a predicted network.

    Attributes:
        status: of the trained network, as in rows.
        error: why the trial failed; None if it did not.
        checks: a check for every target that was measured; none where the network is not ok.
    """

    status: str
    error: str | None
    checks: tuple[Check, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; what ``spikecast recommend --verify --json`` prints."""
        listed = [asdict(check) | {"inside": check.inside} for check in self.checks]
        return {"status": self.status, "error": self.error, "checks": listed}


def verify(prediction: Prediction, hardware: Hardware) -> Verification:
    """Train the predicted network with seed 0, simulate it, and hold the prediction against what was measured.

    Raises:
        ModuleNotFoundError: torch or snnTorch is not installed.
    """
    choices = TrainingChoices(**prediction.choices, seed=0)
    result = spikecast.characterize.run_trial(choices, hardware)
    row = result.row
    if row["status"] != "ok":
        return Verification(row["status"], row.get("error"), ())
    measured = {name: row[name] for name in ("accuracy", "sparsity")}
    measured["latency_us"] = hardware.microseconds(row["latency_cycles"])
    if hardware.energy is not None and result.network is not None:
        # Rows of trials hold no energy: it follows from the same network on the same recordings.
        recordings = spikecast.events.load_binned(choices.dataset, choices.timesteps, choices.input_size).evaluation
        measured["energy_nj"] = float(simulate(result.network, recordings, hardware, threads=1).energy_nj.mean())
    return Verification("ok", None, checks(prediction, measured))


def checks(prediction: Prediction, measured: Mapping[str, float]) -> tuple[Check, ...]:
    """Hold a prediction against what was measured.

    Args:
        prediction: of the network.
        measured: values by target, in the targets' units; accuracy, sparsity, latency_us and energy_nj are looked at.

    Returns:
        A check for every target that was both predicted and measured.
    """
    predicted = {name: getattr(prediction, name) for name in ("accuracy", "sparsity", "latency_us", "energy_nj")}
    return tuple(
        Check(name, interval, measured[name])
        for name, interval in predicted.items()
        if interval is not None and name in measured
    )

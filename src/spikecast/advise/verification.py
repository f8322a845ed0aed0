"""Whether a trained network turned out as predicted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spikecast.predictor import Interval, Prediction


@dataclass(frozen=True)
class Check:
    """One target: what was predicted and what was measured, in the target's unit."""

    target: str
    predicted: Interval
    measured: float

    @property
    def inside(self) -> bool:
        """Whether the measured value lies in the predicted interval."""
        return self.predicted.low <= self.measured <= self.predicted.high


def checks(prediction: Prediction, measured: Mapping[str, float]) -> tuple[Check, ...]:
    """Hold a prediction against measured values by target; targets that were not measured are left out."""
    predicted = {name: getattr(prediction, name) for name in ("accuracy", "sparsity", "latency_us", "energy_nj")}
    return tuple(
        Check(name, interval, measured[name])
        for name, interval in predicted.items()
        if interval is not None and name in measured
    )

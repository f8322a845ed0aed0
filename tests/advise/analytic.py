"""A predictor whose best choices are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

import spikecast
from spikecast.accelerator import Hardware, load_hardware
from spikecast.choices import TrainingChoices
from spikecast.predictor import Interval, Prediction
from spikecast.predictor.questions import Questions

BEST_SLOPE, BEST_BETA = 3.0, 0.6
#: What a pair of surrogate and neuron loses in accuracy.
LOSSES = {
    ("fast_sigmoid", "leaky"): 0.00,
    ("atan", "leaky"): 0.01,
    ("atan", "lapicque"): 0.02,
    ("fast_sigmoid", "lapicque"): 0.03,
}


class Analytic:
    """Accuracy 0.95 at slope 3 and beta 0.6, with less threshold a little more; latency 100 us over the threshold."""

    def __init__(self) -> None:
        corners = _measured()
        self.measured = SimpleNamespace(questions=Questions.of(corners), means=np.full((len(corners), 3), 0.5))
        self._any = spikecast.predict()
        self.parts = SimpleNamespace(hardware=load_hardware("sparse-core"))

    def predict_frame(self, frame: pd.DataFrame, hardware: Hardware) -> pd.DataFrame:  # noqa: ARG002
        pairs = zip(frame["surrogate"], frame["neuron"], strict=True)
        accuracy = (
            0.95
            - np.array([LOSSES[pair] for pair in pairs])
            - 0.05 * np.log(frame["slope"] / BEST_SLOPE) ** 2
            - 0.5 * (frame["beta"] - BEST_BETA) ** 2
            - 0.05 * frame["threshold"]
        )
        values = {
            "accuracy": accuracy,
            "sparsity": 1 - 0.1 / frame["threshold"],
            "latency_us": 100 / frame["threshold"],
            "energy_nj": 1000 / frame["threshold"],
        }
        columns = {
            f"{name}{end}": factor * value
            for name, value in values.items()
            for end, factor in (("", 1.0), ("_low", 0.99), ("_high", 1.01))
        }
        ok = np.where(frame["threshold"] > 1.4, 0.4, 0.9)
        # A corner of the space that is far from all that was measured.
        near = (frame["slope"] < 8) | (frame["beta"] < 0.8)
        return pd.DataFrame({**columns, "probability_ok": ok, "in_domain": near}, index=frame.index)

    def predict(self, choices: TrainingChoices | Mapping[str, Any], hardware: Hardware) -> Prediction:
        asked = choices if isinstance(choices, TrainingChoices) else TrainingChoices(**choices)
        row = self.predict_frame(pd.DataFrame([asked.model_dump()]), hardware).iloc[0]
        intervals = {
            name: Interval(row[name], row[f"{name}_low"], row[f"{name}_high"])
            for name in ("accuracy", "sparsity", "latency_us", "energy_nj")
        }
        reasons = () if row["in_domain"] else ("too far",)
        outcome = {"ok": float(row["probability_ok"])}
        return replace(
            self._any,
            choices=asked.model_dump(exclude={"seed"}),
            outcome=outcome,
            in_domain=not reasons,
            reasons=reasons,
            **intervals,
        )


def _measured() -> list[TrainingChoices]:
    """The corners of the space."""
    return [
        TrainingChoices(surrogate=surrogate, neuron=neuron, slope=slope, beta=beta, threshold=threshold, epochs=8)
        for surrogate, neuron in LOSSES
        for slope in (0.5, 20.0)
        for beta in (0.2, 0.9)
        for threshold in (0.3, 1.5)
    ]

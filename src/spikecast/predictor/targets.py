"""What is predicted, and the scale on which it is learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

#: Shares are kept this far from 0 and 1 before their logit is taken.
_MARGIN = {"accuracy": 5e-3}
_DEFAULT_MARGIN = 1e-4


@dataclass(frozen=True)
class Target:
    """A column of the characterization table.

    ``log`` targets are positive and judged by relative error; ``logit`` targets are shares, 0..1, judged by
    absolute error.
    """

    name: str
    scale: Literal["log", "logit"]

    def forward(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Measured values to the scale on which models learn."""
        if self.scale == "log":
            return np.log(values)
        margin = _MARGIN.get(self.name, _DEFAULT_MARGIN)
        inside = np.clip(values, margin, 1.0 - margin)
        return np.log(inside / (1.0 - inside))

    def inverse(self, learned: NDArray[np.float64]) -> NDArray[np.float64]:
        """From the learning scale back to measured values."""
        if self.scale == "log":
            return np.exp(learned)
        share: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-learned))
        return share


def targets(layer_names: tuple[str, ...]) -> tuple[Target, ...]:
    """Accuracy, sparsity overall and per layer, latency."""
    return (
        Target("accuracy", "logit"),
        Target("sparsity", "logit"),
        *(Target(f"sparsity_{name}", "logit") for name in layer_names),
        Target("latency_cycles", "log"),
    )

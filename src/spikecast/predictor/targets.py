"""What is predicted of a network, and the scale on which it is learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spikecast.errors import InputError

#: Shares are kept this far from 0 and 1 before their logit is taken.
_MARGIN = {"accuracy": 5e-3}
_DEFAULT_MARGIN = 1e-5
#: What ``eased_logit`` adds to both ends.
_EASE = 0.01
#: Errors on a learning scale below this are counted as it: a row that was met by chance says nothing of the next.
SMALLEST_ERROR = 1e-3


@dataclass(frozen=True)
class Target:
    """A number to predict.

    ``log`` targets are positive and judged by relative error; the others are shares, 0..1, judged by absolute error.
    ``eased_logit`` hardly tells shares near 0 or 1 apart: layers that are all but silent cost nearly the same, and how
    silent they are is mostly chance.
    """

    name: str
    scale: Literal["log", "logit", "eased_logit"]

    def forward(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Measured values to the scale on which models learn."""
        if self.scale == "log":
            return np.log(values)
        if self.scale == "eased_logit":
            values = _EASE + (1.0 - 2.0 * _EASE) * values
        margin = _MARGIN.get(self.name, _DEFAULT_MARGIN)
        inside = np.clip(values, margin, 1.0 - margin)
        return np.log(inside / (1.0 - inside))

    def inverse(self, learned: NDArray[np.float64]) -> NDArray[np.float64]:
        """From the learning scale back to measured values."""
        if self.scale == "log":
            return np.exp(learned)
        share: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-learned))
        if self.scale == "eased_logit":
            return np.clip((share - _EASE) / (1.0 - 2.0 * _EASE), 0.0, 1.0)
        return share


#: All but accuracy follow from the spikes.
TARGETS = {
    target.name: target
    for target in (
        Target("accuracy", "logit"),
        Target("sparsity", "logit"),
        Target("latency_cycles", "log"),
        Target("energy_nj", "log"),
        Target("synaptic_operations", "log"),
    )
}
#: What an answer holds of a whole network, latency in cycles and in microseconds.
ANSWERED = ("accuracy", "sparsity", "latency_cycles", "latency_us", "energy_nj", "synaptic_operations")
#: Those that a regressor straight from the choices competes for.
BLACK_BOX_TARGETS = ("accuracy", "sparsity", "latency_cycles")
#: Sparsity of single layers, pooled over all of them; the activity model learns shares on its scale.
LAYER_SPARSITY = Target("layer_sparsity", "eased_logit")


def not_priced(target: str, hardware: str) -> InputError:
    """The error where energy is asked of hardware that does not say what operations cost."""
    return InputError(
        f"{hardware} has no energy table, so {target} is not known: add energy to its description, or ask for another "
        "target"
    )

"""Neuron models as numbers: effective gain and leak, known without torch.

Both models update the membrane as U = gain * I + leak * U' before reset, I being the synaptic current and U'
the membrane one timestep earlier. At the same ``beta`` they are different neurons (snnTorch 1.0.0's code):

- leaky (LIF): gain 1, leak beta
- lapicque: gain ln(1/beta), leak 1 - ln(1/beta), since only beta is given and R = 1
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from spikecast.errors import InputError
from spikecast.names import resolve_name

NEURONS = ("leaky", "lapicque")
_ALIASES = {"lif": "leaky"}

#: Below this beta, Lapicque's leak is negative: the membrane flips its sign from step to step.
LAPICQUE_NEGATIVE_LEAK = math.exp(-1.0)
#: Below this beta, Lapicque's leak is below -1: the membrane grows without bound.
LAPICQUE_UNSTABLE = math.exp(-2.0)


@dataclass(frozen=True)
class Dynamics:
    """U = gain * I + leak * U', both without a unit."""

    gain: float
    leak: float


def neuron_name(name: str) -> str:
    """Resolve a neuron model's name or alias to its full name.

    Raises:
        InputError: the name is not known.
    """
    return resolve_name("neuron", name, NEURONS, _ALIASES)


def dynamics(neuron: str, beta: float) -> Dynamics:
    """Effective gain and leak of a neuron model (full name) at ``beta`` in (0, 1).

    Raises:
        InputError: the membrane would grow without bound.
    """
    if neuron == "leaky":
        return Dynamics(gain=1.0, leak=beta)
    if beta < LAPICQUE_UNSTABLE:
        raise InputError(
            f"beta {beta:g} makes a lapicque neuron unstable (leak {1.0 + math.log(beta):.2f}): "
            f"allowed: {LAPICQUE_UNSTABLE:.3f} to 1; raise beta or use neuron leaky"
        )
    gain = math.log(1.0 / beta)
    return Dynamics(gain=gain, leak=1.0 - gain)

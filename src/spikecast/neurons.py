"""Neuron models as numbers: effective gain and leak, known without torch.

A model's membrane answers a current I with gain * I in the same timestep and keeps leak times its value from one
timestep to the next, before reset. At the same ``beta`` models are different neurons (snnTorch 1.0.0's code):

- leaky (LIF) and rleaky: gain 1, leak beta; rleaky's own spikes come back through trained synapses
- lapicque: gain ln(1/beta), leak 1 - ln(1/beta), since only beta is given and R = 1
- synaptic: gain 1, leak beta, behind a current that decays by alpha
- alpha: two currents that decay by alpha and beta; gain ln(alpha) / (ln(beta) - ln(alpha)) + 1; as leak counts beta
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from spikecast.errors import InputError, resolve_name

#: Names of neuron models, as snnTorch has them.
NeuronModel = Literal["leaky", "lapicque", "synaptic", "alpha", "rleaky"]
NEURONS: tuple[str, ...] = get_args(NeuronModel)
#: Those with a second decay, alpha.
WITH_ALPHA = ("synaptic", "alpha")
#: Those whose own spikes come back to them through trained synapses.
RECURRENT = ("rleaky",)
_ALIASES = {"lif": "leaky"}

#: Below this beta, Lapicque's leak is negative: the membrane flips its sign from step to step.
LAPICQUE_NEGATIVE_LEAK = math.exp(-1.0)
#: Below this beta, Lapicque's leak is below -1: the membrane grows without bound.
LAPICQUE_UNSTABLE = math.exp(-2.0)


@dataclass(frozen=True)
class NeuronDefaults:
    """Decay and threshold of a neuron model where they are left out."""

    beta: float
    threshold: float


_LEAKY_DEFAULTS = NeuronDefaults(beta=0.45, threshold=1.5)
#: What the shipped rows speak for: of a grid on N-MNIST under two surrogates the most accurate, or the fastest of those
#: less than a standard error below it. ``spikecast report`` shows the grids, under "Which slope, beta and threshold to
#: choose"; a test computes it again. The others have no grid and take the leaky neuron's.
DEFAULTS = dict.fromkeys(NEURONS, _LEAKY_DEFAULTS) | {"lapicque": NeuronDefaults(beta=0.6, threshold=1.1)}


@dataclass(frozen=True)
class Dynamics:
    """What a current adds to the membrane, and what the membrane keeps; both without a unit."""

    gain: float
    leak: float


def neuron_name(name: str) -> str:
    """Resolve a neuron model's name or alias to its full name.

    Raises:
        InputError: the name is not known.
    """
    return resolve_name("neuron", name, NEURONS, _ALIASES)


def dynamics(neuron: str, beta: float, alpha: float) -> Dynamics:
    """Effective gain and leak of a neuron model (full name) at ``beta`` and ``alpha``, both in (0, 1).

    Raises:
        InputError: the membrane would grow without bound, or snnTorch has no such neuron.
    """
    if neuron == "alpha":
        # Of two numbers next to each other even the logarithms may be equal.
        if math.log(alpha) <= math.log(beta):
            raise InputError(f"alpha {alpha:g} is not above beta {beta:g}: an alpha neuron needs alpha > beta")
        return Dynamics(gain=math.log(alpha) / (math.log(beta) - math.log(alpha)) + 1.0, leak=beta)
    if neuron != "lapicque":
        return Dynamics(gain=1.0, leak=beta)
    if beta < LAPICQUE_UNSTABLE:
        raise InputError(
            f"beta {beta:g} makes a lapicque neuron unstable (leak {1.0 + math.log(beta):.2f}): "
            f"allowed: {math.ceil(1000 * LAPICQUE_UNSTABLE) / 1000} to 1; raise beta or use neuron leaky"
        )
    gain = math.log(1.0 / beta)
    return Dynamics(gain=gain, leak=1.0 - gain)

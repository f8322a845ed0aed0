"""Membranes of whole layers through time, forwards and backwards, by family of neuron models.

What they do is in ``spikecast.accelerator.network.Neuron``; the order of float32 operations is snnTorch's. The reset
carries no gradient, as in snnTorch. Arrays are of one timestep, [channels, samples, height, width]; ``spiked`` says
which neurons fired one timestep before. Timesteps are stepped from the first on, and then back from the last.
"""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

import numpy as np

from spikecast._util.arrays import Floats, Spikes
from spikecast.choices import TrainingChoices
from spikecast.neurons import dynamics


class Constants(NamedTuple):
    """A neuron's numbers in float32; of a leaky one ``gain`` is 1. Reset zero comes before the decay or after it."""

    gain: np.float32
    leak: np.float32
    threshold: np.float32
    alpha: np.float32
    subtract: bool
    clear_before: bool


def constants(choices: TrainingChoices) -> Constants:
    """A neuron's numbers, of which torch's may differ by one unit in the last place: its logarithm rounds otherwise."""
    values = dynamics(choices.neuron, choices.beta, choices.alpha)
    subtract = choices.reset == "subtract"
    return Constants(
        gain=np.float32(values.gain),
        leak=np.float32(values.leak),
        threshold=np.float32(choices.threshold),
        alpha=np.float32(choices.alpha),
        subtract=subtract,
        clear_before=not subtract and choices.neuron == "leaky",
    )


class MembraneSteps(Protocol):
    """One family of neuron models; an instance holds the state of one layer."""

    def forwards(self, current: Floats, spiked: Spikes) -> Floats:
        """The membranes as they decide to fire; ``current`` is not changed."""

    def backwards(self, membrane: Floats, spiked: Spikes) -> Floats:
        """Gradient of the current from that of the membranes as they decide to fire, which is written over."""

    def response(self, timesteps: int) -> list[float]:
        """The membrane that a current of 1 leaves behind after 0, 1, ... timesteps if there is no reset."""


class FirstOrder:
    """Leaky, lapicque and rleaky, whose own spikes' current is part of ``current``."""

    def __init__(self, neuron: Constants) -> None:
        self._neuron = neuron
        self._kept: Floats | None = None
        self._carried: Floats | None = None

    def forwards(self, current: Floats, spiked: Spikes) -> Floats:
        neuron = self._neuron
        membrane = neuron.gain * current
        if self._kept is not None:
            decayed = neuron.leak * self._kept
            if neuron.clear_before:
                np.copyto(decayed, 0, where=spiked)
            membrane += decayed
            _reset(neuron, membrane, spiked)
        self._kept = membrane
        return membrane

    def backwards(self, membrane: Floats, spiked: Spikes) -> Floats:
        neuron = self._neuron
        if self._carried is not None:
            membrane += self._carried
        cleared = not neuron.subtract
        if cleared and not neuron.clear_before:
            np.copyto(membrane, 0, where=spiked)
        self._carried = neuron.leak * membrane
        if cleared:
            np.copyto(self._carried, 0, where=spiked)
        membrane *= neuron.gain
        return membrane

    def response(self, timesteps: int) -> list[float]:
        return [float(self._neuron.gain) * float(self._neuron.leak) ** lag for lag in range(timesteps)]


class Synaptic:
    """A membrane behind a current that decays."""

    def __init__(self, neuron: Constants) -> None:
        self._neuron = neuron
        self._current = self._kept = np.zeros(1, np.float32)
        self._carried = self._carried_current = np.zeros(1, np.float32)

    def forwards(self, current: Floats, spiked: Spikes) -> Floats:
        neuron = self._neuron
        self._current = neuron.alpha * self._current + current
        membrane: Floats = neuron.leak * self._kept + self._current
        _reset(neuron, membrane, spiked)
        self._kept = membrane
        return membrane

    def backwards(self, membrane: Floats, spiked: Spikes) -> Floats:
        neuron = self._neuron
        membrane += self._carried
        if not neuron.subtract:
            np.copyto(membrane, 0, where=spiked)
        self._carried = neuron.leak * membrane
        membrane += self._carried_current
        self._carried_current = neuron.alpha * membrane
        return membrane

    def response(self, timesteps: int) -> list[float]:
        rise, leak = float(self._neuron.alpha), float(self._neuron.leak)
        return [math.fsum(rise**i * leak ** (lag - i) for i in range(lag + 1)) for lag in range(timesteps)]


class Alpha:
    """A membrane that is the difference of two currents, which decay at different speeds."""

    def __init__(self, neuron: Constants) -> None:
        self._neuron = neuron
        self._excitatory = self._inhibitory = np.zeros(1, np.float32)
        self._carried_excitatory = self._carried_inhibitory = np.zeros(1, np.float32)

    def forwards(self, current: Floats, spiked: Spikes) -> Floats:
        neuron, inhibited = self._neuron, self._inhibitory
        exciting = neuron.alpha * self._excitatory + current
        inhibiting = neuron.leak * inhibited - current
        membrane: Floats = neuron.gain * (exciting + inhibiting)
        if neuron.subtract:
            np.subtract(exciting, neuron.threshold, out=exciting, where=spiked)
            np.add(membrane, inhibited, out=membrane, where=spiked)
            np.copyto(inhibiting, 0, where=spiked)
        else:
            for values in (exciting, inhibiting, membrane):
                np.copyto(values, 0, where=spiked)
        self._excitatory, self._inhibitory = exciting, inhibiting
        return membrane

    def backwards(self, membrane: Floats, spiked: Spikes) -> Floats:
        neuron = self._neuron
        # Currents as they were before the reset.
        through = neuron.gain * membrane
        exciting, inhibiting = through + self._carried_excitatory, self._carried_inhibitory + np.zeros_like(membrane)
        np.copyto(inhibiting, 0, where=spiked)
        inhibiting += through
        if not neuron.subtract:
            for values in (exciting, inhibiting):
                np.copyto(values, 0, where=spiked)
        self._carried_excitatory = neuron.alpha * exciting
        self._carried_inhibitory = neuron.leak * inhibiting
        if neuron.subtract:
            np.add(self._carried_inhibitory, membrane, out=self._carried_inhibitory, where=spiked)
        gradient: Floats = exciting - inhibiting
        return gradient

    def response(self, timesteps: int) -> list[float]:
        rise, fall, gain = (float(value) for value in (self._neuron.alpha, self._neuron.leak, self._neuron.gain))
        return [gain * (rise**lag - fall**lag) for lag in range(timesteps)]


_FAMILIES: dict[str, type[FirstOrder] | type[Synaptic] | type[Alpha]] = {"synaptic": Synaptic, "alpha": Alpha}


def membrane_steps(choices: TrainingChoices) -> MembraneSteps:
    """The neurons of one layer at rest."""
    return _FAMILIES.get(choices.neuron, FirstOrder)(constants(choices))


def _reset(neuron: Constants, membrane: Floats, spiked: Spikes) -> None:
    if neuron.subtract:
        np.subtract(membrane, neuron.threshold, out=membrane, where=spiked)
    elif not neuron.clear_before:
        np.copyto(membrane, 0, where=spiked)

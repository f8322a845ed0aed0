"""From predicted spikes to what hardware makes of them, by the exact laws."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.energy import energy_of_spikes
from spikecast.accelerator.hardware import BalancedCores, Hardware
from spikecast.accelerator.latency import time_trace
from spikecast.accelerator.trace import Trace
from spikecast.predictor.questions import Structure
from spikecast.predictor.reference_traces import ReferenceTraces

Array = NDArray[np.float64]

#: Questions that are timed at once: their traces stay near the processor.
_BLOCK = 64


class PredictedTrace(Trace):
    """A trace whose fully connected layers have their channels summed: their cycles know no channels."""

    def __post_init__(self) -> None:
        """Nothing to check: the counts are thinned within what is possible."""


@dataclass(frozen=True)
class Costs:
    """What an inference costs, means over samples.

    Attributes:
        cycles: float64[asked].
        layer_cycles: float64[asked, layers], each layer's done cycles.
        energy_nj: float64[asked], an estimate; NaN where the hardware has no energy table.
        synaptic_operations: float64[asked], additions that spikes cause, taps beyond the border too.
    """

    cycles: Array
    layer_cycles: Array
    energy_nj: Array
    synaptic_operations: Array

    def halves(self) -> tuple[Costs, Costs]:
        """Those of the first half of what was asked, and of the second."""
        halves = [np.split(getattr(self, field.name), 2) for field in fields(self)]
        return Costs(*(first for first, _ in halves)), Costs(*(second for _, second in halves))


def costs(
    structure: Structure,
    entering: Array,
    weight_bits: NDArray[np.int64],
    references: ReferenceTraces,
    hardware: Hardware,
) -> Costs:
    """Cost of networks of one structure.

    Args:
        structure: the network.
        entering: float64[asked, layers], spikes a sample that enter each layer.
        weight_bits: int64[asked].
        references: where the traces' shapes come from.
        hardware: what runs them.

    Raises:
        InputError: the hardware cannot run this network.
    """
    # A balanced allocation depends on the trace, so every network has its own.
    block = 1 if isinstance(hardware.cores, BalancedCores) else _BLOCK
    layers = [references.layer(structure, index) for index in range(len(structure.layers))]
    result = Costs(*(np.empty((len(entering), *tail)) for tail in ((), (len(structure.layers),), (), ())))
    for bits in np.unique(weight_bits):
        asked = np.flatnonzero(weight_bits == bits)
        for start in range(0, len(asked), block):
            rows = asked[start : start + block]
            counts = tuple(layer.counts(entering[rows, index]) for index, layer in enumerate(layers))
            _fill(result, rows, PredictedTrace(structure.layers, counts, int(bits)), hardware)
    return result


def _fill(result: Costs, rows: NDArray[np.int64], trace: Trace, hardware: Hardware) -> None:
    latency = time_trace(trace, hardware)
    cycles, done, spikes = (_means(samples, len(rows)) for samples in (latency.cycles, latency.done, trace.spikes))
    energy = energy_of_spikes(
        trace.shapes, spikes, cycles, latency.allocation, trace.timesteps, trace.weight_bits, hardware
    )
    result.cycles[rows], result.layer_cycles[rows], result.energy_nj[rows] = cycles, done, energy.total_nj
    result.synaptic_operations[rows] = spikes @ np.array([shape.adds_per_spike for shape in trace.shapes])


def _means(samples: NDArray[np.int64], asked: int) -> Array:
    """float64[asked, ...] of int64[asked * samples, ...]."""
    means: Array = samples.reshape(asked, -1, *samples.shape[1:]).mean(axis=1)
    return means

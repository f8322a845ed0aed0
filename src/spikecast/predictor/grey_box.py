"""From predicted spikes to what hardware makes of them, by the exact laws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.energy import energy_of
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
    result = Costs(*(np.empty((len(entering), *tail)) for tail in ((), (len(structure.layers),), (), ())))
    for bits in np.unique(weight_bits):
        asked = np.flatnonzero(weight_bits == bits)
        for start in range(0, len(asked), block):
            rows = asked[start : start + block]
            counts = [
                references.trace(structure, index, entering[rows, index]) for index in range(len(structure.layers))
            ]
            _fill(result, rows, PredictedTrace(structure.layers, tuple(counts), int(bits)), hardware)
    return result


def _fill(result: Costs, rows: NDArray[np.int64], trace: Trace, hardware: Hardware) -> None:
    latency = time_trace(trace, hardware)
    operations = trace.spikes @ np.array([shape.kernel**2 * shape.out_channels for shape in trace.shapes])
    values = (latency.cycles, latency.done, energy_of(trace, latency, hardware).total_nj, operations)
    names = ("cycles", "layer_cycles", "energy_nj", "synaptic_operations")
    for name, samples in zip(names, values, strict=True):
        getattr(result, name)[rows] = samples.reshape(len(rows), -1, *samples.shape[1:]).mean(axis=1)

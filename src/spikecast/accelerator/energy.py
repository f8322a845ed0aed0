"""Energy of an inference: an estimate from operation counts, its parts kept apart.

No power model was published with the hardware. Operations follow from the trace as the engines perform them, each with
the cost that the hardware's energy table gives it:

- synaptic adds: one per spike, kernel tap and output channel (taps beyond the border too, as they take a cycle)
- weight memory: one weight read per add
- state memory: a convolution reads and writes a 32-bit sum per add, a fully connected core keeps its sum; every neuron
  reads and writes its 32-bit membrane once a timestep
- compression: every pass reads all input bits, those of spikes that come back too, and writes and reads a 16-bit
  position per spike; a fully connected layer reads the list again for every group of neurons
- neuron updates: one multiplication (leak) and two additions (current, reset or threshold) per neuron and timestep
- static: static power times latency
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.allocation import passes
from spikecast.accelerator.hardware import EnergyTable, Hardware
from spikecast.accelerator.latency import Latency
from spikecast.accelerator.trace import Trace
from spikecast.architecture import LayerShape

PARTS = ("synaptic_adds", "weight_memory", "state_memory", "compression", "neuron_updates", "static")
_STATE_BITS, _POSITION_BITS, _ACCESS_BITS = 32, 16, 64
_PJ_PER_NJ = 1000.0


@dataclass(frozen=True)
class Energy:
    """An estimate of energy per sample.

    Attributes:
        parts_nj: float64[samples] for each of ``PARTS``; NaN where the hardware has no energy table.
        table: what operations cost, or None.
    """

    parts_nj: dict[str, NDArray[np.float64]]
    table: EnergyTable | None

    @property
    def total_nj(self) -> NDArray[np.float64]:
        """float64[samples]."""
        total: NDArray[np.float64] = np.sum(list(self.parts_nj.values()), axis=0)
        return total


def energy_of(trace: Trace, latency: Latency, hardware: Hardware) -> Energy:
    """Estimate the energy of every sample."""
    return energy_of_spikes(
        trace.shapes, trace.spikes, latency.cycles, latency.allocation, trace.timesteps, trace.weight_bits, hardware
    )


def energy_of_spikes(
    shapes: Sequence[LayerShape],
    spikes: NDArray[Any],
    cycles: NDArray[Any],
    allocation: Sequence[int],
    timesteps: int,
    weight_bits: int,
    hardware: Hardware,
) -> Energy:
    """Estimate the energy of every sample from sums alone.

    Energy is linear in them, so means over samples give mean energies.

    Args:
        shapes: the network's layers.
        spikes: [samples, layers], spikes that enter in all timesteps.
        cycles: [samples], of an inference.
        allocation: cores per layer (layerwise), or neurons per unit (pipeline).
        timesteps: of an inference.
        weight_bits: width of the stored weights.
        hardware: what runs it.
    """
    table = hardware.energy
    if table is None:
        return Energy({part: np.full(len(spikes), np.nan) for part in PARTS}, None)
    layers = [
        _layer(shape, entering, timesteps, _passes(shape, share, hardware), weight_bits, table)
        for shape, entering, share in zip(shapes, spikes.T, allocation, strict=True)
    ]
    parts = {part: np.sum([layer[part] for layer in layers], axis=0) / _PJ_PER_NJ for part in layers[0]}
    # Milliwatts times microseconds are nanojoules.
    parts["static"] = table.static_mw * cycles / hardware.clock_mhz
    return Energy(parts, table)


def _passes(shape: LayerShape, share: int, hardware: Hardware) -> int:
    """How often the layer's spikes are gone through."""
    if hardware.mode == "pipeline":
        return share
    return passes(shape, share)


def _layer(
    shape: LayerShape, spikes: NDArray[Any], timesteps: int, passes: int, weight_bits: int, table: EnergyTable
) -> dict[str, NDArray[np.float64]]:
    """pJ per sample and part, float64[samples]."""
    adds = spikes * shape.adds_per_spike
    updates = shape.neurons * timesteps
    per_bit = table.memory_access_pj / _ACCESS_BITS
    conv = shape.kind == "conv"
    scanned_bits = shape.all_inputs * timesteps * (passes if conv else 1)
    list_bits = _POSITION_BITS * spikes * (2 * passes if conv else 1 + passes)
    return {
        "synaptic_adds": adds * (table.float_add_pj if weight_bits == 32 else table.integer_add_pj),
        "weight_memory": adds * weight_bits * per_bit,
        "state_memory": 2 * _STATE_BITS * per_bit * (adds * conv + updates),
        "compression": per_bit * (scanned_bits + list_bits),
        "neuron_updates": np.full(len(spikes), updates * (table.float_multiply_pj + 2 * table.float_add_pj)),
    }

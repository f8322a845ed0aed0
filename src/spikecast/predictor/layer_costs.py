"""What the spikes of every layer cost: its cycles with them, without them, and with a few more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.allocation import allocate
from spikecast.accelerator.hardware import Hardware
from spikecast.accelerator.latency import time_trace
from spikecast.predictor.grey_box import PredictedTrace
from spikecast.predictor.questions import Structure
from spikecast.predictor.reference_traces import ReferenceTraces
from spikecast.predictor.thinning import thinned


@dataclass(frozen=True)
class LayerCost:
    """Cycles of one layer, means over samples.

    Attributes:
        layer: its name.
        latency_cycles: on the predicted spikes.
        fixed_cycles: if no spike entered.
        spike_cycles: the rest, due to the spikes.
        cycles_per_percent: what one per cent more of entering spikes would add.
    """

    layer: str
    latency_cycles: float
    fixed_cycles: float
    spike_cycles: float
    cycles_per_percent: float


def layer_costs(
    structure: Structure, entering: NDArray[np.float64], references: ReferenceTraces, hardware: Hardware
) -> tuple[LayerCost, ...]:
    """Time the predicted trace of one network, then without spikes, then with one per cent more.

    Args:
        structure: the network.
        entering: float64[layers], spikes a sample that enter each layer.
        references: where the trace's shape comes from.
        hardware: what runs it, in mode layerwise.

    Raises:
        InputError: the hardware cannot run this network.
    """
    layers = range(len(structure.layers))
    trace = PredictedTrace(
        structure.layers, tuple(references.layer(structure, index).counts(entering[[index]]) for index in layers)
    )
    # Cores that are balanced over the spikes stay where the predicted ones put them.
    as_allocated = hardware.model_copy(update={"cores": allocate(trace, hardware)})
    cycles, fixed, more = (
        time_trace(
            PredictedTrace(trace.shapes, tuple(_scaled(counts, factor) for counts in trace.counts)), as_allocated
        ).done.mean(axis=0)
        for factor in (1.0, 0.0, 1.01)
    )
    costs = np.stack([cycles, fixed, cycles - fixed, more - cycles], axis=1).tolist()
    return tuple(LayerCost(shape.name, *cost) for shape, cost in zip(structure.layers, costs, strict=True))


def _scaled(counts: NDArray[np.int64], factor: float) -> NDArray[np.int64]:
    """Counts of the same shape with ``factor`` times the spikes.

    Another total may borrow the shape of another measured trace, and that step would hide what the spikes cost.
    """
    # The most is out of reach: what matters is what more spikes would cost, not whether the layer has room for them.
    most = np.full(counts.shape[2], 2 * counts.max())
    return thinned(counts, factor * counts.sum(), most)

"""What predicted spikes cost on a hardware, by the exact laws: for a whole network, and layer by layer.

``spike_answers`` is how a predictor answers all that follows from spikes; ``costs`` times and counts any spikes,
measured ones too; ``layer_costs`` says of one network what the spikes of each layer cost.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast._util.deadline import require_time
from spikecast.accelerator.allocation import allocate
from spikecast.accelerator.energy import energy_of_spikes
from spikecast.accelerator.hardware import BalancedCores, Hardware
from spikecast.accelerator.latency import time_trace
from spikecast.accelerator.trace import SpikeCounts
from spikecast.predictor.questions import Questions, Structure
from spikecast.predictor.spikes.activity import LayerLogits, Spikes, spikes_of
from spikecast.predictor.spikes.references import ReferenceTraces
from spikecast.predictor.spikes.thinning import thinned
from spikecast.predictor.targets import SMALLEST_ERROR, TARGETS

#: The targets that follow from spikes.
SPIKE_TARGETS = ("sparsity", "latency_cycles", "energy_nj", "synaptic_operations")
#: Questions that are timed at once: their traces stay near the processor.
_BLOCK = 64
#: Of a block, samples aside: large networks go alone, so that memory does not depend on how many are asked.
_MOST_COUNTS = 400_000


@dataclass(frozen=True)
class SpikeAnswers:
    """What follows from predicted spikes.

    Attributes:
        values: by target, float64[questions], on the target's learning scale.
        deviations: by target, float64[questions]: how far its value would move if every layer fired one standard
            deviation more.
        entering: float64[questions, layers], spikes a sample that enter each layer; NaN where a network has no such
            layer.
        layer_cycles: float64[questions, layers], each layer's done cycles.
    """

    values: dict[str, Array]
    deviations: dict[str, Array]
    entering: Array
    layer_cycles: Array


def spike_answers(
    questions: Questions, logits: LayerLogits, references: ReferenceTraces, hardware: Hardware
) -> SpikeAnswers:
    """Answer all questions for one hardware.

    Args:
        questions: the networks.
        logits: what their layers are expected to do.
        references: where the traces' shapes come from.
        hardware: what runs them.

    Raises:
        InputError: the hardware cannot run one of the networks.
    """
    values, deviations = ({name: np.empty(len(questions)) for name in SPIKE_TARGETS} for _ in range(2))
    entering, layer_cycles = (np.full(logits.firing.shape, np.nan) for _ in range(2))
    bits = questions.columns["weight_bits"]
    for structure, rows in questions.by_structure():
        expected, more = (spikes_of(structure, logits, rows, references, step) for step in (0.0, 1.0))
        # In one go: for few networks, most of the time does not depend on how many they are.
        both = np.vstack([expected.entering, more.entering])
        cost, cost_of_more = costs(structure, both, np.tile(bits[rows], 2), references, hardware).halves()
        entering[rows, : len(structure.layers)] = expected.entering
        layer_cycles[rows, : len(structure.layers)] = cost.layer_cycles
        for name in SPIKE_TARGETS:
            values[name][rows] = _learned(name, structure, expected, cost)
            moved = np.abs(_learned(name, structure, more, cost_of_more) - values[name][rows])
            # A network whose cycles follow from its recordings alone would have none.
            deviations[name][rows] = np.maximum(moved, SMALLEST_ERROR)
    return SpikeAnswers(values, deviations, entering, layer_cycles)


def _learned(name: str, structure: Structure, spikes: Spikes, cost: Costs) -> Array:
    """float64[questions]: a target on its learning scale."""
    if name == "sparsity":
        neurons = sum(shape.neurons for shape in structure.layers)
        measured = 1.0 - spikes.fired.sum(axis=1) / (neurons * structure.timesteps)
    else:
        measured = cost.cycles if name == "latency_cycles" else getattr(cost, name)
    return TARGETS[name].forward(measured)


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
    block = max(1, min(block, _MOST_COUNTS // structure.spike_counts))
    layers = [references.layer(structure, index) for index in range(len(structure.layers))]
    result = Costs(*(np.empty((len(entering), *tail)) for tail in ((), (len(structure.layers),), (), ())))
    for bits in np.unique(weight_bits):
        asked = np.flatnonzero(weight_bits == bits)
        for start in range(0, len(asked), block):
            require_time()
            rows = asked[start : start + block]
            counts = tuple(layer.counts(entering[rows, index]) for index, layer in enumerate(layers))
            _fill(result, rows, SpikeCounts(structure.layers, counts, int(bits)), hardware)
    return result


def _fill(result: Costs, rows: NDArray[np.int64], spiking: SpikeCounts, hardware: Hardware) -> None:
    """Time and count the spikes of ``rows``, and write what they cost into ``result``."""
    latency = time_trace(spiking, hardware)
    cycles, done, spikes = (_means(samples, len(rows)) for samples in (latency.cycles, latency.done, spiking.spikes))
    energy = energy_of_spikes(
        spiking.shapes, spikes, cycles, latency.allocation, spiking.timesteps, spiking.weight_bits, hardware
    )
    result.cycles[rows], result.layer_cycles[rows], result.energy_nj[rows] = cycles, done, energy.total_nj
    result.synaptic_operations[rows] = spikes @ np.array([shape.adds_per_spike for shape in spiking.shapes])


def _means(samples: NDArray[np.int64], asked: int) -> Array:
    """float64[asked, ...] of int64[asked * samples, ...]."""
    means: Array = samples.reshape(asked, -1, *samples.shape[1:]).mean(axis=1)
    return means


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
    structure: Structure, entering: Array, references: ReferenceTraces, hardware: Hardware
) -> tuple[LayerCost, ...]:
    """Time the predicted spikes of one network, then none, then one per cent more.

    Args:
        structure: the network.
        entering: float64[layers], spikes a sample that enter each layer.
        references: where the trace's shape comes from.
        hardware: what runs it, in mode layerwise.

    Raises:
        InputError: the hardware cannot run this network.
    """
    layers = range(len(structure.layers))
    counts = tuple(references.layer(structure, index).counts(entering[[index]]) for index in layers)
    # Cores that are balanced over the spikes stay where the predicted ones put them.
    allocation = allocate(SpikeCounts(structure.layers, counts), hardware)
    as_allocated = hardware.model_copy(update={"cores": allocation})
    cycles, fixed, more = (
        time_trace(
            SpikeCounts(structure.layers, tuple(_scaled(of_layer, factor) for of_layer in counts)), as_allocated
        ).done.mean(axis=0)
        for factor in (1.0, 0.0, 1.01)
    )
    numbers = np.stack([cycles, fixed, cycles - fixed, more - cycles], axis=1).tolist()
    return tuple(LayerCost(shape.name, *cost) for shape, cost in zip(structure.layers, numbers, strict=True))


def _scaled(counts: NDArray[np.int64], factor: float) -> NDArray[np.int64]:
    """Counts of the same shape with ``factor`` times the spikes.

    Another total may borrow the shape of another measured trace, and that step would hide what the spikes cost.
    """
    # The most is out of reach: what matters is what more spikes would cost, not whether the layer has room for them.
    most = np.full(counts.shape[2], 2 * counts.max())
    return thinned(counts, factor * counts.sum(), most)

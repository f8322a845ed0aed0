"""The grey box's answers: predicted spikes, timed and counted exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.hardware import Hardware
from spikecast.predictor.activity import LayerLogits, Spikes, spikes_of
from spikecast.predictor.error_model import SMALLEST
from spikecast.predictor.grey_box import Costs, costs
from spikecast.predictor.questions import Questions, Structure
from spikecast.predictor.reference_traces import ReferenceTraces
from spikecast.predictor.targets import TARGETS

Array = NDArray[np.float64]

GREY_TARGETS = ("sparsity", "latency_cycles", "energy_nj", "synaptic_operations")


@dataclass(frozen=True)
class GreyAnswers:
    """What follows from predicted spikes.

    Attributes:
        values: by target, float64[questions], on the target's learning scale.
        deviations: the same if every layer fired one standard deviation more, minus ``values``, made positive.
        entering: float64[questions, layers], spikes a sample that enter each layer; NaN where a network has no such
            layer.
        layer_cycles: float64[questions, layers], each layer's done cycles.
    """

    values: dict[str, Array]
    deviations: dict[str, Array]
    entering: Array
    layer_cycles: Array


def grey_answers(
    questions: Questions, logits: LayerLogits, references: ReferenceTraces, hardware: Hardware
) -> GreyAnswers:
    """Answer all questions for one hardware.

    Raises:
        InputError: the hardware cannot run one of the networks.
    """
    values, deviations = ({name: np.empty(len(questions)) for name in GREY_TARGETS} for _ in range(2))
    entering, layer_cycles = (np.full(logits.firing.shape, np.nan) for _ in range(2))
    bits = questions.columns["weight_bits"]
    for structure, rows in questions.by_structure():
        expected, more = (spikes_of(structure, logits, rows, references, step) for step in (0.0, 1.0))
        # In one go: for few networks, most of the time does not depend on how many they are.
        both = np.vstack([expected.entering, more.entering])
        cost, cost_of_more = costs(structure, both, np.tile(bits[rows], 2), references, hardware).halves()
        entering[rows, : len(structure.layers)] = expected.entering
        layer_cycles[rows, : len(structure.layers)] = cost.layer_cycles
        for name in GREY_TARGETS:
            values[name][rows] = _learned(name, structure, expected, cost)
            moved = np.abs(_learned(name, structure, more, cost_of_more) - values[name][rows])
            # A network whose cycles follow from its recordings alone would have none.
            deviations[name][rows] = np.maximum(moved, SMALLEST)
    return GreyAnswers(values, deviations, entering, layer_cycles)


def _learned(name: str, structure: Structure, spikes: Spikes, cost: Costs) -> Array:
    if name == "sparsity":
        neurons = sum(shape.neurons for shape in structure.layers)
        measured = 1.0 - spikes.fired.sum(axis=1) / (neurons * structure.timesteps)
    else:
        measured = cost.cycles if name == "latency_cycles" else getattr(cost, name)
    return TARGETS[name].forward(measured)

"""Training choices as numbers that a model can learn from.

Beside the choices themselves stand derived numbers that carry over between families: effective gain and leak of
the neuron; the surrogate's gradient at threshold, area, half width, center and noise; the network's size; and, for
models of one layer, the layer's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.neurons import NEURONS, RECURRENT, WITH_ALPHA, dynamics
from spikecast.predictor.questions import Questions, Structure
from spikecast.surrogates import SURROGATES, surrogate

#: An unbounded area or half width (stochastic spike operator) counts as this much: wider than any other.
_UNBOUNDED = 100.0
#: Smallest gradient that still tells two surrogates apart.
_SMALLEST = 1e-6

_FAMILY = (*(f"surrogate={name}" for name in SURROGATES), *(f"neuron={name}" for name in NEURONS))
_KNOBS = ("log_slope", "beta", "threshold")
_SETTINGS = (
    "log_timesteps",
    "reset=zero",
    "log_weight_bits",
    "log_learning_rate",
    "log_epochs",
    "log_batch_size",
    "dropout",
    "root_activity_penalty",
    "loss=ce_count",
    "schedule=cosine",
    "epoch_kept=validated",
    "gradient_clip",
)
_DERIVED = (
    "log_gain",
    "leak",
    "current_decay",
    "two_currents",
    "recurrent",
    "log_gain_over_threshold",
    "log_threshold",
    "log_gradient_at_threshold",
    "log_area",
    "log_half_width",
    "centre",
    "noise",
)
_NETWORK = ("log_input_rate", "convolutions", "dense_layers", "log_first_channels", "first_kernel")

#: Columns of ``feature_matrix``.
FEATURE_NAMES = (*_FAMILY, *_KNOBS, *_SETTINGS, *_DERIVED, *_NETWORK)
#: The choices alone, as a spreadsheet would have them; alpha is the decay of the current, where it means anything.
BARE_FEATURES = (*_FAMILY, *_KNOBS, "current_decay", *_SETTINGS, *_NETWORK)
#: What the choices mean, without the names of families: the same neuron or gradient under two names is one point.
SMOOTH_FEATURES = (*_DERIVED, *_SETTINGS, *_NETWORK)


def feature_matrix(questions: Questions, input_rate: Array) -> Array:
    """float64[questions, FEATURE_NAMES].

    Args:
        questions: what is asked.
        input_rate: float64[questions], spikes per pixel and timestep that enter the network, mean over recordings.
    """
    columns = questions.columns
    one_hot = [columns["surrogate"] == name for name in SURROGATES] + [columns["neuron"] == name for name in NEURONS]
    knobs = [np.log(columns["slope"]), columns["beta"], columns["threshold"]]
    settings = [
        np.log(columns["timesteps"]),
        columns["reset"] == "zero",
        np.log(columns["weight_bits"]),
        np.log(columns["learning_rate"]),
        np.log(columns["epochs"]),
        np.log(columns["batch_size"]),
        columns["dropout"],
        np.sqrt(columns["activity_penalty"]),
        columns["loss"] == "ce_count",
        columns["learning_rate_schedule"] == "cosine",
        columns["epoch_kept"] == "validated",
        columns["gradient_clip"],
    ]
    networks = np.array([_network(structure) for structure in questions.structures]).reshape(-1, len(_NETWORK) - 1)
    parts = [np.stack(group, axis=1).astype(np.float64) for group in (one_hot, knobs, settings)]
    return np.hstack([*parts, _derived(questions), np.log(input_rate)[:, np.newaxis], networks[questions.structure_of]])


def layer_features(structure: Structure, index: int) -> tuple[float, ...]:
    """One layer of a network: depth, layers left, logarithms of fan-in, output channels and frame, pool."""
    shape = structure.layers[index]
    return (
        float(index),
        float(len(structure.layers) - 1 - index),
        math.log(shape.fan_in),
        math.log(shape.out_channels),
        math.log(shape.neuron_size[0] * shape.neuron_size[1]),
        float(shape.pool),
    )


def column_indices(names: Sequence[str]) -> NDArray[np.int64]:
    """Columns of ``feature_matrix`` by feature name."""
    return np.array([FEATURE_NAMES.index(name) for name in names])


def _derived(questions: Questions) -> Array:
    """float64[questions, _DERIVED]."""
    columns = questions.columns
    neuron, threshold = columns["neuron"], columns["threshold"].astype(np.float64)
    membranes = [dynamics(*row) for row in _rows(columns, "neuron", "beta", "alpha")]
    gain, leak = (np.array([getattr(membrane, name) for membrane in membranes]) for name in ("gain", "leak"))
    gradients = [surrogate(*row) for row in _rows(columns, "surrogate", "slope")]
    numbers = [(g.gradient_at_threshold, g.area, g.half_width, g.centre, g.noise) for g in gradients]
    shape = np.array(numbers).reshape(-1, 5)
    return np.column_stack(
        [
            np.log(gain),
            leak,
            np.where(np.isin(neuron, WITH_ALPHA), columns["alpha"], 0.0),
            neuron == "alpha",
            np.isin(neuron, RECURRENT),
            np.log(gain) - np.log(threshold),
            np.log(threshold),
            np.log(np.maximum(shape[:, 0], _SMALLEST)),
            np.log(np.minimum(shape[:, 1:3], _UNBOUNDED)),
            shape[:, 3:],
        ]
    )


def _rows(columns: dict[str, NDArray[Any]], *names: str) -> Iterator[tuple[Any, ...]]:
    """Some columns row by row, as plain values."""
    return zip(*(columns[name].tolist() for name in names), strict=True)


def _network(structure: Structure) -> tuple[float, ...]:
    """_NETWORK without the input rate."""
    convolutions = [shape for shape in structure.layers if shape.kind == "conv"]
    first = structure.layers[0]
    return (
        float(len(convolutions)),
        float(len(structure.layers) - len(convolutions)),
        math.log(first.out_channels),
        float(first.kernel),
    )

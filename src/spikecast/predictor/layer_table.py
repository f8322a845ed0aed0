"""One row per network and layer: what the activity model learns from, and what it is asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikecast.predictor.features import SMOOTH_FEATURES, column_indices, layer_features
from spikecast.predictor.questions import Questions, Structure
from spikecast.predictor.targets import Target

Array = NDArray[np.float64]

#: Layers that are alike enough to learn from each other: the first layer, later convolutions, hidden fully connected
#: layers, and the output layer.
ROLES = ("first", "convolution", "dense", "output")


@dataclass(frozen=True)
class LayerTable:
    """The layers of one role.

    Attributes:
        x: float64[layers, features].
        question: int64[layers], position of the network among the questions.
        index: int64[layers], position of the layer in its network.
    """

    x: Array
    question: NDArray[np.int64]
    index: NDArray[np.int64]


def role_of(structure: Structure, index: int) -> str:
    """The role of one layer."""
    if index == len(structure.layers) - 1:
        return "output"
    if structure.layers[index].kind == "fc":
        return "dense"
    return "first" if index == 0 else "convolution"


def layer_tables(questions: Questions, x: Array) -> dict[str, LayerTable]:
    """All layers of all questions by role; ``x`` is their ``feature_matrix``."""
    smooth = x[:, column_indices(SMOOTH_FEATURES)]
    parts: dict[str, list[tuple[Array, NDArray[np.int64], NDArray[np.int64]]]] = {role: [] for role in ROLES}
    for structure, rows in questions.by_structure():
        for index in range(len(structure.layers)):
            own = np.tile(layer_features(structure, index), (len(rows), 1))
            entry = (np.hstack([smooth[rows], own]), rows, np.full(len(rows), index))
            parts[role_of(structure, index)].append(entry)
    return {
        role: LayerTable(*map(np.concatenate, zip(*entries, strict=True))) for role, entries in parts.items() if entries
    }


def spikes_entering(structure: Structure, index: int, passing: Array, scale: Target) -> Array:
    """Spikes a sample that enter layer ``index`` (not the first) from below, from ``passing`` on its scale."""
    return scale.inverse(passing) * inputs_of(structure, index)


def spikes_fired(structure: Structure, index: int, firing: Array, scale: Target) -> Array:
    """Spikes a sample that a layer's neurons fire, from ``firing`` on its scale."""
    return scale.inverse(firing) * structure.layers[index].neurons * structure.timesteps


def inputs_of(structure: Structure, index: int) -> int:
    """Inputs of a layer, times timesteps."""
    return structure.layers[index].inputs * structure.timesteps

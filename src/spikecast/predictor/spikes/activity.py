"""The activity model: how many spikes enter and leave every layer, from choices alone.

Layers that play the same role are one table, whatever network they are in: ``layer_tables`` makes what the model learns
from and is asked, ``LayerLogits`` gathers what it says, ``spikes_of`` turns that into spikes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.predictor.features import SMOOTH_FEATURES, column_indices, layer_features
from spikecast.predictor.models import BoostedTrees, GaussianProcess, StoredFiles
from spikecast.predictor.questions import Questions, Structure
from spikecast.predictor.spikes.references import ReferenceTraces
from spikecast.predictor.targets import LAYER_SPARSITY, Target

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


@dataclass(frozen=True)
class LayerLogits:
    """What is predicted of every layer of some networks, on a logit scale, each float64[questions, layers].

    NaN stands where a network has no such layer; ``passing`` also for output layers, behind which nothing is.

    Attributes:
        passing: share of the next layer's inputs and timesteps with a spike.
        firing: share of the layer's own neurons and timesteps with a spike.
        error: standard deviation of what is not known.
        scale: which logit scale.
    """

    passing: Array
    firing: Array
    error: Array
    scale: Target = LAYER_SPARSITY

    @classmethod
    def of_roles(
        cls,
        questions: Questions,
        roles: Iterable[tuple[LayerTable, Array, Array]],
        scale: Target = LAYER_SPARSITY,
    ) -> Self:
        """Gather what is said of the layers of every role.

        Args:
            questions: the networks.
            roles: a table, then firing and passing float64[layers, 1 or 2], then error float64[layers].
            scale: of the numbers in ``roles``.
        """
        most = max((len(structure.layers) for structure in questions.structures), default=0)
        passing, firing, error = (np.full((len(questions), most), np.nan) for _ in range(3))
        for table, expected, deviation in roles:
            at = (table.question, table.index)
            firing[at], error[at] = expected[:, 0], deviation
            if expected.shape[1] > 1:
                passing[at] = expected[:, 1]
        return cls(passing, firing, error, scale)


@dataclass(frozen=True)
class Spikes:
    """Spikes a sample of networks of one structure, float64[questions, layers] each."""

    entering: Array
    fired: Array


@dataclass(frozen=True)
class RoleModel:
    """The layers of one role.

    Attributes:
        process: features of a layer -> firing, and passing where there is a next layer.
        error: features of a layer -> logarithm of the standard deviation of either.
    """

    process: GaussianProcess
    error: BoostedTrees

    def predict(self, x: Array) -> tuple[Array, Array]:
        """(firing and passing, standard deviation) of layers."""
        return self.process.predict(x), np.exp(self.error.predict(x))


@dataclass(frozen=True)
class ActivityModel:
    """A model of every role's layers.

    Attributes:
        roles: by name.
        scale: on which they were learned.
    """

    roles: Mapping[str, RoleModel]
    scale: Target = LAYER_SPARSITY

    def predict(self, questions: Questions, x: Array) -> LayerLogits:
        """What to expect of every layer; ``x`` is the questions' ``feature_matrix``."""
        tables = layer_tables(questions, x)
        return LayerLogits.of_roles(
            questions, ((table, *self.roles[role].predict(table.x)) for role, table in tables.items()), self.scale
        )

    def save(self, folder: Path) -> None:
        """Write two files per role."""
        for role, model in self.roles.items():
            model.process.save(folder / f"activity_{role}.npz")
            model.error.save(folder / f"activity_{role}_error.json")

    @classmethod
    def load(cls, files: StoredFiles, roles: Iterable[str], scale: Target) -> Self:
        """The inverse of ``save``, for the roles that were saved and the scale they were learned on."""
        return cls(
            roles={
                role: RoleModel(
                    GaussianProcess.load(files / f"activity_{role}.npz"),
                    BoostedTrees.load(files / f"activity_{role}_error.json"),
                )
                for role in roles
            },
            scale=scale,
        )


def spikes_of(
    structure: Structure, logits: LayerLogits, rows: NDArray[np.int64], references: ReferenceTraces, deviations: float
) -> Spikes:
    """Spikes of the questions ``rows``, all of one structure, so many standard deviations above what is expected."""
    layers = range(len(structure.layers))
    firing = logits.firing[rows] + deviations * logits.error[rows]
    passing = logits.passing[rows] + deviations * logits.error[rows]
    fired = np.stack([spikes_fired(structure, index, firing[:, index], logits.scale) for index in layers], axis=1)
    known = references.input_spikes(structure)
    entering = np.stack(
        [
            spikes_entering(structure, index, passing[:, index - 1], logits.scale)
            if index
            else np.full(len(rows), known)
            for index in layers
        ],
        axis=1,
    )
    if structure.recurrent:
        entering += fired * returning_share(structure)
    return Spikes(entering, fired)


def returning_share(structure: Structure) -> float:
    """Share of a recurrent layer's spikes that come back to it: all but those of the last timestep."""
    return (structure.timesteps - 1) / structure.timesteps

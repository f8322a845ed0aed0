"""Many questions at once, as columns: one array per training choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spikecast.architecture import LayerShape, layer_shapes
from spikecast.choices import CHOICES, STRUCTURAL, TrainingChoices
from spikecast.datasets import POLARITIES
from spikecast.neurons import RECURRENT


@dataclass(frozen=True)
class Structure:
    """A network's layers and what enters them, whatever its neurons and training."""

    dataset: str
    architecture: str
    timesteps: int
    input_size: int
    recurrent: bool

    @property
    def layers(self) -> tuple[LayerShape, ...]:
        """The spiking layers, in order."""
        return layer_shapes(self.architecture, POLARITIES, self.input_size, self.recurrent)

    @property
    def spike_counts(self) -> int:
        """Counts that a sample's trace takes, as timed: timesteps times channels, of all layers."""
        channels = (shape.trace_channels if shape.kind == "conv" else 1 + shape.recurrent for shape in self.layers)
        return self.timesteps * sum(channels)

    @property
    def input(self) -> tuple[str, int, int]:
        """(data set, timesteps, input size): what decides the spikes that enter the first layer."""
        return self.dataset, self.timesteps, self.input_size


@dataclass(frozen=True)
class Questions:
    """N sets of training choices.

    Attributes:
        columns: every choice but the seed, an array of N values each.
        structures: the different structures among them.
        structure_of: int64[N], position in ``structures``.
    """

    columns: dict[str, NDArray[Any]]
    structures: tuple[Structure, ...]
    structure_of: NDArray[np.int64]

    @classmethod
    def of(cls, all_choices: Sequence[TrainingChoices]) -> Questions:
        """From training choices."""
        if not all_choices:
            # Columns without values have their types all the same.
            return cls.of([TrainingChoices()]).take(np.empty(0, dtype=np.int64))
        return cls.from_columns(
            {name: np.array([getattr(choices, name) for choices in all_choices]) for name in CHOICES}
        )

    @classmethod
    def from_columns(cls, columns: dict[str, NDArray[Any]]) -> Self:
        """From columns of values that are known to be valid."""
        numbers: dict[tuple[Any, ...], int] = {}
        parts = (*(columns[name].tolist() for name in STRUCTURAL), np.isin(columns["neuron"], RECURRENT).tolist())
        structure_of = [numbers.setdefault(key, len(numbers)) for key in zip(*parts, strict=True)]
        return cls(columns, tuple(Structure(*key) for key in numbers), np.array(structure_of, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.structure_of)

    def take(self, rows: NDArray[Any]) -> Questions:
        """Some of the questions: positions or a mask."""
        numbers, structure_of = np.unique(self.structure_of[rows], return_inverse=True)
        structures = tuple(self.structures[number] for number in numbers)
        return Questions({name: column[rows] for name, column in self.columns.items()}, structures, structure_of)

    def by_structure(self) -> list[tuple[Structure, NDArray[np.int64]]]:
        """Every structure that is asked about, with the positions of its questions."""
        return [
            (self.structures[number], np.flatnonzero(self.structure_of == number))
            for number in np.unique(self.structure_of)
        ]

"""The configurations a predictor was fitted on: its neighbors and its domain."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.choices import CHOICES, TrainingChoices
from spikecast.predictor.models.regressor import StoredFile, arrays_in
from spikecast.predictor.models.simple import distances
from spikecast.predictor.prediction import Neighbour
from spikecast.predictor.questions import Questions

#: What is known of a measured configuration: means over its seeds that ended ok.
MEANS = ("accuracy", "sparsity", "latency_cycles")
#: A question is far from any row if it lies further than this share of the measured configurations lie from
#: each other.
_FAR_QUANTILE = 0.99
_BLOCK = 512
#: Squared distances that are nearer than this share of the greatest size may be in either order.
_TIED = 1e-9


@dataclass(frozen=True)
class Measured:
    """Measured configurations, searchable by distance between features.

    Attributes:
        questions: their choices.
        statuses: what became of networks, by name.
        outcomes: int64[configurations, statuses], how many seeds of each ended so.
        means: float64[configurations, MEANS], over seeds that ended ok; NaN where none did.
        scale: float64[features], one over each feature's standard deviation.
        points: float64[configurations, features], features times ``scale``.
        far: distance beyond which a question counts as far from everything measured.
    """

    questions: Questions
    statuses: tuple[str, ...]
    outcomes: NDArray[np.int64]
    means: Array
    scale: Array
    points: Array
    far: float

    @cached_property
    def choices(self) -> tuple[TrainingChoices, ...]:
        """Their training choices."""
        return tuple(TrainingChoices(**self._choices(number)) for number in range(len(self.questions)))

    @cached_property
    def _squared_sizes(self) -> Array:
        sizes: Array = np.einsum("ij,ij->i", self.points, self.points)
        return sizes

    def nearest_distances(self, x: Array) -> Array:
        """float64[rows]: how far the nearest configuration is from each of x float64[rows, features]."""
        scaled = x * self.scale
        result = np.empty(len(x))
        for start in range(0, len(x), _BLOCK):
            block = slice(start, start + _BLOCK)
            result[block] = self._squared(scaled[block]).min(axis=1)
        return np.sqrt(np.maximum(result, 0.0))

    def _squared(self, scaled: Array) -> Array:
        """float64[rows, configurations]: squared distances, but for rounding."""
        squared: Array = self._squared_sizes - 2.0 * scaled @ self.points.T
        squared += (scaled**2).sum(axis=1, keepdims=True)
        return squared

    def nearest(self, x: Array, count: int) -> tuple[Neighbour, ...]:
        """The ``count`` configurations nearest to x float64[1, features], nearest first."""
        scaled = x * self.scale
        squared = self._squared(scaled)[0]
        # Only the nearest need an order, and a distance without rounding.
        last = min(count, len(squared)) - 1
        near = np.flatnonzero(squared <= np.partition(squared, last)[last] + _TIED * self._squared_sizes.max())
        distance = np.linalg.norm(self.points[near] - scaled, axis=1)
        order = np.argsort(distance, kind="stable")[:count]
        return tuple(self._neighbor(near[place], distance[place]) for place in order)

    def save(self, path: Path) -> None:
        """Write to one npz file without Python objects."""
        columns = {
            f"choice_{name}": self.questions.columns[name].astype(_plain(self.questions.columns[name]))
            for name in CHOICES
        }
        np.savez_compressed(
            path,
            statuses=np.array(json.dumps(self.statuses)),
            outcomes=self.outcomes,
            means=self.means,
            scale=self.scale,
            points=self.points,
            far=np.array(self.far),
            **columns,  # type: ignore[arg-type]
        )

    @classmethod
    def load(cls, file: StoredFile) -> Self:
        """The inverse of ``save``."""
        arrays = arrays_in(file)
        return cls(
            Questions.from_columns({name: arrays[f"choice_{name}"] for name in CHOICES}),
            tuple(json.loads(str(arrays["statuses"]))),
            arrays["outcomes"],
            arrays["means"],
            arrays["scale"],
            arrays["points"],
            float(arrays["far"]),
        )

    def _neighbor(self, number: int, distance: float) -> Neighbour:
        means = {
            name: None if np.isnan(value) else float(value)
            for name, value in zip(MEANS, self.means[number], strict=True)
        }
        outcomes = {name: int(seeds) for name, seeds in zip(self.statuses, self.outcomes[number], strict=True) if seeds}
        return Neighbour(float(distance), self._choices(number), outcomes, **means)

    def _choices(self, number: int) -> dict[str, Any]:
        return {name: self.questions.columns[name][number].item() for name in CHOICES}


def far_from_all(points: Array) -> float:
    """The distance beyond which something counts as far from ``points`` float64[points, features]."""
    between = distances(points, points)
    np.fill_diagonal(between, np.inf)
    alone = between.min(axis=1)
    finite = alone[np.isfinite(alone)]
    return float(np.quantile(finite, _FAR_QUANTILE)) if finite.size else 0.0


def _plain(column: NDArray[Any]) -> str:
    """A type that is stored without Python objects."""
    return "U" if column.dtype.kind in "OU" else column.dtype.str

"""The configurations a predictor was fitted on: its neighbours and its domain."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spikecast.choices import TrainingChoices
from spikecast.predictor.features import feature_matrix
from spikecast.predictor.models.nearest import distances
from spikecast.predictor.models.scaling import standard_scale
from spikecast.predictor.prediction import Neighbour

#: A question is far from any row if it lies further than this share of the measured configurations lie from
#: each other.
_FAR_QUANTILE = 0.99


@dataclass(frozen=True)
class Configuration:
    """One measured configuration: choices without a seed, counts of outcomes, means over its ok seeds."""

    choices: dict[str, Any]
    outcomes: dict[str, int]
    accuracy: float | None
    sparsity: float | None
    latency_cycles: float | None


class Measured:
    """All configurations of a fit, searchable by distance between features."""

    def __init__(self, configurations: list[Configuration]) -> None:
        self.configurations = configurations
        self.choices = [TrainingChoices(**configuration.choices) for configuration in configurations]
        x = feature_matrix(self.choices)
        self._scale = standard_scale(x)
        self._points = x * self._scale
        between = distances(self._points, self._points)
        np.fill_diagonal(between, np.inf)
        alone = between.min(axis=1)
        finite = alone[np.isfinite(alone)]
        #: Distance beyond which a question counts as far from everything measured.
        self.far = float(np.quantile(finite, _FAR_QUANTILE)) if finite.size else 0.0

    def save(self, path: Path) -> None:
        text = json.dumps([asdict(configuration) for configuration in self.configurations], indent=0)
        path.write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        return cls([Configuration(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))])

    def nearest(self, x: NDArray[np.float64], count: int) -> tuple[Neighbour, ...]:
        """The ``count`` configurations nearest to x float64[1, features], nearest first."""
        distance = distances(x * self._scale, self._points)[0]
        return tuple(
            Neighbour(distance=float(distance[i]), **asdict(self.configurations[i]))
            for i in np.argsort(distance, kind="stable")[:count]
        )

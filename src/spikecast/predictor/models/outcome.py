"""Outcome probabilities: how likely a network ends ok, silent, collapsed or diverged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.predictor.models.boosted_trees import BoostedTrees
from spikecast.predictor.models.regressor import StoredFile

_ROUNDS, _DEPTH = 200, 3


@dataclass(frozen=True)
class OutcomeModel:
    """Boosted trees, one output per outcome.

    Attributes:
        classes: outcomes that were measured, in alphabetical order.
        trees: None where there is one outcome alone.
    """

    name: ClassVar[str] = "boosted_trees"

    classes: tuple[str, ...]
    trees: BoostedTrees | None

    @classmethod
    def fit(cls, x: Array, outcomes: NDArray[np.str_]) -> Self:
        """Fit on x float64[rows, features] and outcomes str[rows]; one outcome alone is always predicted."""
        classes, numbers = np.unique(outcomes, return_inverse=True)
        several = len(classes) > 1
        trees = BoostedTrees.fit_classes(x, numbers, len(classes), _ROUNDS, _DEPTH) if several else None
        return cls(tuple(classes.tolist()), trees)

    def probabilities(self, x: Array) -> Array:
        """float64[rows, classes], each row adding up to 1."""
        if self.trees is None:
            return np.ones((len(x), 1))
        odds = self.trees.outputs(x)
        shifted = np.exp(odds - odds.max(axis=1, keepdims=True))
        result: Array = shifted / shifted.sum(axis=1, keepdims=True)
        return result

    def save(self, path: Path) -> None:
        """Write the classes and the trees, in xgboost's own JSON, to one JSON file."""
        document = None if self.trees is None else self.trees.document
        path.write_text(json.dumps({"classes": self.classes, "trees": document}), encoding="utf-8")

    @classmethod
    def load(cls, file: StoredFile) -> Self:
        """The inverse of ``save``."""
        stored = json.loads(file.read_text(encoding="utf-8"))
        document = stored["trees"]
        return cls(tuple(stored["classes"]), None if document is None else BoostedTrees.of_document(document))

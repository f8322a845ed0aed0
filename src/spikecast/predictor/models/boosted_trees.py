"""Gradient boosted trees: fitted by xgboost, kept in its own JSON, evaluated here.

Importing xgboost takes longer than a whole prediction, so the trees are read from their JSON and walked with
numpy, all trees and rows at once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from spikecast.predictor.models.regressor import Array

_PARAMETERS = {
    "objective": "reg:squarederror",
    "max_depth": 4,
    "learning_rate": 0.04,
    "subsample": 0.8,
    "colsample_bytree": 0.7,
    "min_child_weight": 2,
    "seed": 0,
    "nthread": 1,
}
_ROUNDS = 400


@dataclass(frozen=True)
class BoostedTrees:
    """An xgboost ensemble.

    Attributes:
        document: the model in xgboost's JSON.
        left, right, feature: int[trees, nodes]; a leaf is its own child.
        threshold: float32[trees, nodes], where a node splits; the value of a leaf.
        base: what the leaves' values are added to.
        depth: splits on the longest way to a leaf.
    """

    name: ClassVar[str] = "boosted_trees"
    suffix: ClassVar[str] = "json"

    document: str
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float32]
    base: float
    depth: int

    @classmethod
    def fit(cls, x: Array, y: Array) -> Self:
        import xgboost

        booster = xgboost.train(_PARAMETERS, xgboost.DMatrix(x, label=y), num_boost_round=_ROUNDS)
        return cls._read(bytes(booster.save_raw("json")).decode("utf-8"))

    def predict(self, x: Array) -> Array:
        # xgboost compares and adds in float32; so must this, to follow it into the same leaves.
        rows, trees = x.astype(np.float32), np.arange(len(self.left))
        node = np.zeros((len(rows), len(trees)), dtype=np.int64)
        for _ in range(self.depth):
            asked = np.take_along_axis(rows, self.feature[trees, node], axis=1)
            goes_left = asked < self.threshold[trees, node]
            node = np.where(goes_left, self.left[trees, node], self.right[trees, node])
        result: Array = self.threshold[trees, node].sum(axis=1, dtype=np.float64) + self.base
        return result

    def save(self, path: Path) -> None:
        path.write_text(self.document, encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        return cls._read(path.read_text(encoding="utf-8"))

    @classmethod
    def _read(cls, document: str) -> Self:
        learner = json.loads(document)["learner"]
        trees = learner["gradient_booster"]["model"]["trees"]
        nodes = max(len(tree["left_children"]) for tree in trees)
        left, right = (_padded(trees, name, nodes) for name in ("left_children", "right_children"))
        leaf = left < 0
        own = np.broadcast_to(np.arange(nodes), left.shape)
        return cls(
            document=document,
            left=np.where(leaf, own, left),
            right=np.where(leaf, own, right),
            feature=_padded(trees, "split_indices", nodes),
            threshold=_padded(trees, "split_conditions", nodes).astype(np.float32),
            base=float(np.ravel(json.loads(learner["learner_model_param"]["base_score"]))[0]),
            depth=_PARAMETERS["max_depth"],  # type: ignore[arg-type]
        )


def _padded(trees: list[dict[str, Any]], name: str, nodes: int) -> NDArray[Any]:
    """[trees, nodes]: one array of all trees, shorter ones filled up with nodes that nothing leads to."""
    return np.array([tree[name] + [-1] * (nodes - len(tree[name])) for tree in trees])

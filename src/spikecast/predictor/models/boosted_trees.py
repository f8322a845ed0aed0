"""Gradient boosted trees: fitted by xgboost, kept in its own JSON, evaluated here.

Importing xgboost takes longer than a whole prediction, so the trees are read from their JSON and walked by compiled
loops: down one path for a few rows, over all nodes for many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic_core import from_json

from spikecast._util.arrays import Array
from spikecast._util.compiled import compiled_when_worth
from spikecast.predictor.models.regressor import StoredFile

#: Rows from which on it pays to decide every node.
MANY = 256
_BLOCK = 256


@compiled_when_worth(turns=lambda rows, left, *_: len(rows) * len(left))
def walk(
    rows: NDArray[np.float32],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    feature: NDArray[np.int64],
    threshold: NDArray[np.float32],
    output: NDArray[np.int64],
    base: NDArray[np.float32],
) -> NDArray[np.float32]:
    """float32[rows, outputs]: ``base`` and the leaves that each row ends in, added in xgboost's order.

    The arrays are those of ``BoostedTrees``.
    """
    sums = np.empty((len(rows), len(base)), np.float32)
    for row in range(len(rows)):
        sums[row] = base
        for tree in range(len(left)):
            node = 0
            while left[tree, node] != node:
                go_left = rows[row, feature[tree, node]] < threshold[tree, node]
                node = left[tree, node] if go_left else right[tree, node]
            sums[row, output[tree]] += threshold[tree, node]
    return sums


@compiled_when_worth(turns=lambda columns, left, *_: columns.shape[1] * left.size)
def walk_many(
    columns: NDArray[np.float32],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    feature: NDArray[np.int64],
    threshold: NDArray[np.float32],
    output: NDArray[np.int64],
    base: NDArray[np.float32],
) -> NDArray[np.float32]:
    """``walk`` for many rows: takes columns float32[features, rows] and returns float32[outputs, rows].

    Every node is decided for a block of rows at once, from the leaves up: without branches, and in memory's order, that
    takes less time than the path alone. Children stand behind their parent, as xgboost writes them.
    """
    trees, nodes = left.shape
    sums = np.empty((len(base), columns.shape[1]), np.float32)
    reached = np.empty((nodes, _BLOCK), np.float32)
    for start in range(0, columns.shape[1], _BLOCK):
        size = min(_BLOCK, columns.shape[1] - start)
        for number in range(len(base)):
            sums[number, start : start + size] = base[number]
        for tree in range(trees):
            for node in range(nodes - 1, -1, -1):
                value, limit = reached[node], threshold[tree, node]
                if left[tree, node] == node:
                    value[:size] = limit
                else:
                    column = columns[feature[tree, node], start : start + size]
                    below, above = reached[left[tree, node]], reached[right[tree, node]]
                    for row in range(size):
                        value[row] = below[row] if column[row] < limit else above[row]
            total = sums[output[tree], start : start + size]
            for row in range(size):
                total[row] += reached[0, row]
    return sums


_PARAMETERS = {
    "learning_rate": 0.04,
    "subsample": 0.8,
    "colsample_bytree": 0.7,
    "min_child_weight": 2,
    "seed": 0,
    "nthread": 1,
}


@dataclass(frozen=True)
class BoostedTrees:
    """An xgboost ensemble of one output or, for classes, one output each.

    Attributes:
        document: the model in xgboost's JSON.
        left, right, feature: int64[trees, nodes]; a leaf is its own child.
        threshold: float32[trees, nodes], where a node splits; the value of a leaf.
        output: int64[trees], the output that a tree's leaves add to.
        base: float32[outputs], what they are added to.
    """

    name: ClassVar[str] = "boosted_trees"
    suffix: ClassVar[str] = "json"

    document: str
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float32]
    output: NDArray[np.int64]
    base: NDArray[np.float32]

    @classmethod
    def fit(cls, x: Array, y: Array, rounds: int = 400, depth: int = 4) -> Self:
        """Fit ``rounds`` trees of at most ``depth`` splits on the way to a leaf."""
        return cls._fit(x, y, rounds, {"objective": "reg:squarederror", "max_depth": depth})

    @classmethod
    def fit_classes(cls, x: Array, classes: NDArray[np.int64], count: int, rounds: int, depth: int) -> Self:
        """Fit ``rounds`` trees for each of ``count`` >= 2 classes; predictions are logarithms of odds."""
        return cls._fit(x, classes, rounds, {"objective": "multi:softprob", "num_class": count, "max_depth": depth})

    @classmethod
    def _fit(cls, x: Array, y: NDArray[Any], rounds: int, parameters: dict[str, Any]) -> Self:
        import xgboost

        booster = xgboost.train(_PARAMETERS | parameters, xgboost.DMatrix(x, label=y), num_boost_round=rounds)
        return cls.of_document(bytes(booster.save_raw("json")).decode("utf-8"))

    @classmethod
    def fitter(cls, _x: Array, _y: Array) -> Callable[[Array, Array], Self]:
        return cls.fit

    def predict(self, x: Array) -> Array:
        """float64[rows]."""
        return self.outputs(x)[:, 0]

    def outputs(self, x: Array) -> Array:
        """float64[rows, outputs]."""
        # xgboost compares and adds in float32; so must this, to follow it into the same leaves.
        rows = x.astype(np.float32)
        trees = (self.left, self.right, self.feature, self.threshold, self.output, self.base)
        sums = walk(rows, *trees) if len(rows) < MANY else walk_many(np.ascontiguousarray(rows.T), *trees).T
        return sums.astype(np.float64)

    def save(self, path: Path) -> None:
        """Write the model in xgboost's own JSON."""
        path.write_text(self.document, encoding="utf-8")

    @classmethod
    def load(cls, file: StoredFile) -> Self:
        """The inverse of ``save``."""
        return cls.of_document(file.read_text(encoding="utf-8"))

    @classmethod
    def of_document(cls, document: str) -> Self:
        """From the model in xgboost's JSON."""
        learner = from_json(document)["learner"]
        model = learner["gradient_booster"]["model"]
        trees = model["trees"]
        nodes = max(len(tree["left_children"]) for tree in trees)
        left, right = (_padded(trees, name, nodes) for name in ("left_children", "right_children"))
        leaf = left < 0
        own = np.broadcast_to(np.arange(nodes), left.shape)
        output = np.array(model["tree_info"], dtype=np.int64)
        base = np.ravel(from_json(learner["learner_model_param"]["base_score"])).astype(np.float32)
        return cls(
            document=document,
            left=np.where(leaf, own, left),
            right=np.where(leaf, own, right),
            feature=_padded(trees, "split_indices", nodes),
            threshold=_padded(trees, "split_conditions", nodes).astype(np.float32),
            output=output,
            base=np.broadcast_to(base, output.max() + 1).copy(),
        )


def _padded(trees: list[dict[str, Any]], name: str, nodes: int) -> NDArray[Any]:
    """[trees, nodes]: one array of all trees, shorter ones filled up with nodes that nothing leads to."""
    return np.array([tree[name] + [-1] * (nodes - len(tree[name])) for tree in trees])

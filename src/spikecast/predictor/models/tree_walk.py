"""The loops that evaluate boosted trees: down one path for a few rows, over all nodes for many."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spikecast.compiled import compiled_when_worth

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

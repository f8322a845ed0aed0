"""The compiled loop that walks boosted trees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.compiled import compiled_when_worth


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

"""Population code: the outputs of a network are equal, contiguous groups of neurons, one group a class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def predicted_classes(output_spikes: NDArray[np.uint8], classes: int) -> NDArray[np.int64]:
    """The class whose neurons fired most, the lowest class on a tie.

    Args:
        output_spikes: uint8[samples, timesteps, outputs]; outputs is a multiple of ``classes``.
        classes: number of classes.

    Returns:
        int64[samples].
    """
    counts = output_spikes.sum(axis=1, dtype=np.int64)
    winners: NDArray[np.int64] = counts.reshape(len(counts), classes, -1).sum(axis=2).argmax(axis=1)
    return winners

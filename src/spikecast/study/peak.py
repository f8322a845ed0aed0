"""The accuracy that a kind of network reaches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Configurations that make a peak: the single best would be luck more than merit.
PEAK_OF = 3


def peak(accuracy: NDArray[np.float64]) -> float:
    """Mean of the PEAK_OF highest accuracies, or of all if there are fewer."""
    return float(np.sort(accuracy)[-PEAK_OF:].mean())

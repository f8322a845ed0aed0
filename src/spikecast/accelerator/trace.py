"""The trace: how many spikes enter every layer. Timing depends on it alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikecast.architecture import LayerShape


@dataclass(frozen=True)
class Trace:
    """Spike counts of many samples.

    Attributes:
        shapes: the network's layers.
        counts: per layer int64[samples, timesteps, in_channels], spikes that enter.
    """

    shapes: tuple[LayerShape, ...]
    counts: tuple[NDArray[np.int64], ...]

    @property
    def samples(self) -> int:
        return len(self.counts[0])

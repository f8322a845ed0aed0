"""The traces that may enter one layer: known from the recordings, or borrowed from measured ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from spikecast.predictor.thinning import Thinnable

Array = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class LayerTraces:
    """Where the counts of a layer come from, of which at least one is there.

    Attributes:
        recorded: int64[samples, timesteps, channels], what the recordings bring to a first layer.
        borrowed: measured traces whose shape is that of all other spikes; of a recurrent first layer those that come
            back.
    """

    recorded: Counts | None
    borrowed: Thinnable | None

    def counts(self, totals: Array) -> Counts:
        """int64[asked * samples, timesteps, channels], as timed; ``totals`` float64[asked], spikes a sample."""
        if self.borrowed is None:
            assert self.recorded is not None
            return np.tile(self.recorded, (len(totals), 1, 1))
        samples = self.borrowed.counts.shape[1]
        wanted = totals * samples
        if self.recorded is not None:
            wanted = wanted - self.recorded.sum() * (samples / len(self.recorded))
        wanted = np.maximum(wanted, 0.0)
        chosen = np.abs(np.log1p(wanted)[:, np.newaxis] - self._measured).argmin(axis=1)
        thinned = self.borrowed.thinned(chosen, wanted)
        flat = thinned.reshape(-1, *thinned.shape[2:])
        if self.recorded is None:
            return flat
        return np.concatenate([np.tile(self.recorded, (len(totals), 1, 1)), flat], axis=2)

    @cached_property
    def _measured(self) -> Array:
        """float64[references]: logarithm of the spikes in each."""
        assert self.borrowed is not None
        logs: Array = np.log1p(self.borrowed.counts.sum(axis=(1, 2, 3)))
        return logs

"""Thin or thicken measured traces to other numbers of spikes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast._util.compiled import compiled_when_worth

Counts = NDArray[np.int64]

#: Rounds in which counts that reach their most leave the rest to the others.
_ROUNDS = 8


@dataclass(frozen=True)
class Thinnable:
    """Measured spike counts of one layer.

    Attributes:
        counts: int64[references, samples, timesteps, channels].
        most: int64[channels], the largest possible count.
    """

    counts: Counts
    most: Counts

    def thinned(self, chosen: Counts, totals: Array) -> Counts:
        """Counts with the shape of measured ones and other totals.

        Every count is multiplied by one factor, but for those that reach their most; what rounding takes from one
        count goes on to the next, so that the totals are met to within a few spikes.

        Args:
            chosen: int64[asked], which reference each takes its shape from.
            totals: float64[asked], spikes wanted in all samples together.

        Returns:
            int64[asked, samples, timesteps, channels].
        """
        return _thinned(self._flat, self._room, chosen, totals).reshape(-1, *self.counts.shape[1:])

    @property
    def held_bytes(self) -> int:
        """Memory of this and of all that is kept for ``thinned``."""
        return 2 * self.counts.nbytes + self.counts.nbytes // len(self.counts)

    @cached_property
    def _flat(self) -> Array:
        return self.counts.reshape(len(self.counts), -1).astype(np.float64)

    @cached_property
    def _room(self) -> Array:
        """The most of every count."""
        return np.tile(self.most, self._flat.shape[1] // len(self.most)).astype(np.float64)


def thinned(counts: Counts, total: float, most: Counts) -> Counts:
    """One measured trace with another total, its shape kept as far as there is room.

    Args:
        counts: int64[samples, timesteps, channels].
        total: spikes wanted in all samples together.
        most: int64[channels], the largest possible count.

    Returns:
        int64[samples, timesteps, channels].
    """
    only: Counts = Thinnable(counts[np.newaxis], most).thinned(np.zeros(1, dtype=np.int64), np.array([total]))[0]
    return only


@compiled_when_worth(turns=lambda _shapes, room, chosen, _totals: len(chosen) * len(room))
def _thinned(shapes: Array, room: Array, chosen: Counts, totals: Array) -> Counts:
    """Shapes float64[references, counts], none beyond its room, to whole counts int64[asked, counts]."""
    counts = np.empty((len(chosen), len(room)), np.int64)
    exact, most = np.empty(len(room)), room.sum()
    for row in range(len(chosen)):
        shape = shapes[chosen[row]]
        wanted = min(totals[row], most)
        exact[:] = shape * (wanted / max(shape.sum(), 1.0))
        for _ in range(_ROUNDS):
            taken, free, spills = 0.0, 0.0, False
            for i in range(len(room)):
                if exact[i] < room[i]:
                    free += exact[i]
                else:
                    spills = spills or exact[i] > room[i]
                    exact[i] = room[i]
                    taken += room[i]
            if not spills:
                break
            factor = (wanted - taken) / max(free, 1.0)
            for i in range(len(room)):
                if exact[i] < room[i]:
                    exact[i] *= factor
        running, before = 0.5, 0
        for i in range(len(room)):
            running += min(exact[i], room[i])
            upto = int(running)
            counts[row, i] = upto - before
            before = upto
    return counts

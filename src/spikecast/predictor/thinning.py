"""Thin or thicken measured traces to other numbers of spikes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
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
        factors = totals / np.maximum(self._running[chosen, -1], 1.0)
        running = self._running[chosen]
        running *= factors[:, np.newaxis]
        full = np.flatnonzero(self._fullest[chosen] * factors > 1.0)
        if full.size:
            exact = _within(self._flat[chosen[full]], totals[full], self._room)
            running[full] = np.cumsum(exact, axis=1)
        running += 0.5
        # Of numbers that are not negative, the whole part.
        counts = running.astype(np.int64)
        counts[:, 1:] -= counts[:, :-1]
        return counts.reshape(-1, *self.counts.shape[1:])

    @cached_property
    def _flat(self) -> Array:
        return self.counts.reshape(len(self.counts), -1).astype(np.float64)

    @cached_property
    def _room(self) -> Counts:
        """The most of every count."""
        return np.tile(self.most, self._flat.shape[1] // len(self.most))

    @cached_property
    def _running(self) -> Array:
        """Running totals of every reference."""
        return np.cumsum(self._flat, axis=1)

    @cached_property
    def _fullest(self) -> Array:
        """float64[references]: how much of its most the fullest count has."""
        share: Array = (self._flat / np.maximum(self._room, 1)).max(axis=1)
        return share


def thinned(counts: Counts, total: float, most: Counts) -> Counts:
    """One measured trace, int64[samples, timesteps, channels], with another total; see ``Thinnable``."""
    one: Counts = Thinnable(counts[np.newaxis], most).thinned(np.zeros(1, dtype=np.int64), np.array([total]))[0]
    return one


def _within(shapes: Array, totals: Array, room: Counts) -> Array:
    """Shapes float64[asked, counts] multiplied to their totals, none beyond its room."""
    wanted = np.minimum(totals, room.sum())[:, np.newaxis]
    exact = shapes * (wanted / np.maximum(shapes.sum(axis=1, keepdims=True), 1.0))
    for _ in range(_ROUNDS):
        full = exact >= room
        free = np.where(full, 0.0, exact).sum(axis=1, keepdims=True)
        taken = np.where(full, room, 0.0).sum(axis=1, keepdims=True)
        exact = np.where(full, room, exact * ((wanted - taken) / np.maximum(free, 1.0)))
    within: Array = np.minimum(exact, room)
    return within

"""Spikes as lists of positions, which is how the hardware keeps them: no work for what does not fire."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikecast.errors import InputError


@dataclass(frozen=True)
class SpikeLists:
    """The spikes that enter a layer, for many samples.

    Attributes:
        positions: int32[spikes], position in the flattened frames (channel, row, column), ascending within a
            timestep.
        starts: int64[samples, timesteps + 1], sample n fires positions[starts[n, t]:starts[n, t + 1]] at t.
    """

    positions: NDArray[np.int32]
    starts: NDArray[np.int64]

    @property
    def samples(self) -> int:
        return int(self.starts.shape[0])

    @property
    def timesteps(self) -> int:
        return int(self.starts.shape[1]) - 1

    def counts(self, channels: int, frame: int) -> NDArray[np.int64]:
        """int64[samples, timesteps, channels]: spikes in each channel of ``frame`` pixels."""
        cells = self.samples * self.timesteps * channels
        flat = np.bincount(self._row_of_spike() * channels + self.positions // frame, minlength=cells)
        return flat.astype(np.int64).reshape(self.samples, self.timesteps, channels)

    def dense(self, positions: int) -> NDArray[np.uint8]:
        """uint8[samples, timesteps, positions]: 1 where a spike is."""
        frames = np.zeros((self.samples * self.timesteps, positions), dtype=np.uint8)
        frames[self._row_of_spike(), self.positions] = 1
        return frames.reshape(self.samples, self.timesteps, positions)

    def _row_of_spike(self) -> NDArray[np.int64]:
        """int64[spikes]: sample * timesteps + timestep of every spike."""
        per_row = np.diff(self.starts, axis=1).reshape(-1)
        return np.repeat(np.arange(per_row.size), per_row)


def from_frames(frames: ArrayLike) -> SpikeLists:
    """List the spikes of frames [samples, timesteps, ...] that hold 0 and 1.

    Raises:
        InputError: other values, or fewer than three dimensions.
    """
    array = np.asarray(frames)
    if array.ndim < 3:
        raise InputError(f"spikes of shape {array.shape} cannot be run: expected [samples, timesteps, ...]")
    if array.size and not np.isin(array, (0, 1)).all():
        raise InputError("spikes must be 0 or 1: binarise the recordings")
    samples, timesteps = array.shape[:2]
    rows, positions = np.nonzero(array.reshape(samples * timesteps, -1))
    ends = np.cumsum(np.bincount(rows, minlength=samples * timesteps)).reshape(samples, timesteps)
    starts = np.concatenate([np.zeros((samples, 1), np.int64), ends], axis=1)
    starts[1:, 0] = ends[:-1, -1]
    return SpikeLists(positions.astype(np.int32), starts)


def joined(parts: list[tuple[NDArray[np.int32], NDArray[np.int64]]]) -> SpikeLists:
    """Join one sample's positions and starts (int64[timesteps + 1], from 0) after another's."""
    offsets = np.cumsum([0] + [len(positions) for positions, _ in parts])
    starts = np.stack([start + offset for (_, start), offset in zip(parts, offsets[:-1], strict=True)])
    return SpikeLists(np.concatenate([positions for positions, _ in parts]), starts)

"""Spikes as lists of positions, which is how the hardware keeps them: no work for what does not fire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikecast._util.compiled import compiled
from spikecast.errors import InputError


@dataclass(frozen=True)
class SpikeLists:
    """Spikes of many samples.

    Attributes:
        positions: int32[spikes], position in the frames flattened with channels last (row, column, channel),
            ascending within a timestep.
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

    def dense(self, channels: int, size: tuple[int, int]) -> NDArray[np.uint8]:
        """uint8[samples, timesteps, channels, height, width]: 1 where a spike is."""
        frames = np.zeros((self.samples * self.timesteps, *size, channels), dtype=np.uint8)
        per_frame = np.diff(self.starts, axis=1).reshape(-1)
        frames.reshape(len(frames), -1)[np.repeat(np.arange(len(frames)), per_frame), self.positions] = 1
        return frames.reshape(self.samples, self.timesteps, *size, channels).transpose(0, 1, 4, 2, 3)


def binary_frames(frames: ArrayLike) -> NDArray[np.uint8]:
    """Frames [samples, timesteps, ...] of 0 and 1 as uint8; a torch tensor may be of any type and layout.

    Raises:
        InputError: other values, fewer than three dimensions, or samples of unequal length.
    """
    try:
        array = np.asarray(_plain(frames))
    except ValueError:
        raise InputError("spikes of unequal lengths cannot be run: give every sample the same timesteps") from None
    if array.dtype.kind not in "buif":
        raise InputError(f"spikes must be numbers, 0 or 1: got {array.dtype}")
    if array.ndim < 3:
        raise InputError(f"spikes of shape {array.shape} cannot be run: expected [samples, timesteps, ...]")
    with np.errstate(invalid="ignore"):
        binary = array if array.dtype == np.uint8 else array.astype(np.uint8)
    if binary.size and (binary.max() > 1 or (binary is not array and not np.array_equal(binary, array))):
        raise InputError(f"spikes must be 0 or 1{_instead(array)}")
    return binary


def _plain(frames: Any) -> Any:
    """What numpy can take of a torch tensor: without gradients, dense, on the processor, of a type that it has."""
    if not hasattr(frames, "detach"):
        return frames
    dense = frames.detach().to_dense().cpu()
    return dense.float() if dense.is_floating_point() else dense


def _instead(array: NDArray[Any]) -> str:
    """What other values are, and what to do about them."""
    if not np.isfinite(array).all():
        return ", and some are not finite"
    if not np.array_equal(array, np.rint(array)):
        return ": these are real values; encode them as the network was trained on, for example with snntorch.spikegen"
    if array.min() < 0:
        return (
            ": these are signed; give spikes of -1 as 1 in further channels, and the first layer the same weights "
            "negated for them"
        )
    return f": these are counts up to {array.max():g}; binarize the recordings, and train on them binarized"


def from_frames(frames: ArrayLike, channels: int) -> SpikeLists:
    """List the spikes of frames [samples, timesteps, ...] that hold 0 and 1, channels first within a frame.

    Raises:
        InputError: other values, or fewer than three dimensions.
    """
    binary = binary_frames(frames)
    samples, timesteps = binary.shape[:2]
    positions, ends = _list(np.ascontiguousarray(binary).reshape(samples * timesteps, channels, -1))
    starts = np.concatenate([[0], ends])[np.arange(samples)[:, np.newaxis] * timesteps + np.arange(timesteps + 1)]
    return SpikeLists(positions, starts)


def join_lists(parts: list[SpikeLists]) -> SpikeLists:
    """The samples of all parts, in order."""
    offsets = np.cumsum([0] + [len(part.positions) for part in parts])
    starts = [part.starts + offset for part, offset in zip(parts, offsets[:-1], strict=True)]
    return SpikeLists(np.concatenate([part.positions for part in parts]), np.concatenate(starts))


@compiled
def _list(frames: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    count, channels, pixels = frames.shape
    ends = np.empty(count, np.int64)
    total = 0
    for i in range(count):
        total += int(np.count_nonzero(frames[i]))
        ends[i] = total
    positions = np.empty(total + 1, np.int32)
    listed = 0
    for i in range(count):
        for pixel in range(pixels):
            for channel in range(channels):
                # Written always, kept only if it fired: a branch here would be guessed wrong too often.
                positions[listed] = pixel * channels + channel
                listed += frames[i, channel, pixel]
    return positions[:total].copy(), ends

"""The trace: how many spikes enter every layer. Timing and energy depend on it alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from spikecast.architecture import LayerShape
from spikecast.errors import InputError


@dataclass(frozen=True)
class SpikeCounts:
    """Spikes that enter every layer, as timing takes them; whoever makes them vouches for them.

    Attributes:
        shapes: the network's layers.
        counts: per layer int64[samples, timesteps, channels]; of a fully connected layer the channels may be summed.
        weight_bits: width of the network's stored weights.
    """

    shapes: tuple[LayerShape, ...]
    counts: tuple[NDArray[np.int64], ...]
    weight_bits: int = 32

    @property
    def samples(self) -> int:
        return len(self.counts[0])

    @property
    def timesteps(self) -> int:
        return int(self.counts[0].shape[1])

    @cached_property
    def spikes(self) -> NDArray[np.int64]:
        """int64[samples, layers]: spikes that enter in all timesteps."""
        return np.stack([counts.reshape(len(counts), -1).sum(axis=1) for counts in self.counts], axis=1)


@dataclass(frozen=True)
class Trace(SpikeCounts):
    """Spike counts of many samples, channel by channel, that were found to be possible.

    Attributes:
        shapes: the network's layers.
        counts: per layer int64[samples, timesteps, trace channels], spikes that enter; where a layer's own spikes come
            back to it, they lie behind the input channels.
        weight_bits: width of the network's stored weights.
    """

    def __post_init__(self) -> None:
        """Check that the counts are possible.

        Raises:
            InputError: which layer's are not, and why.
        """
        if not self.shapes or len(self.shapes) != len(self.counts):
            raise InputError(f"a trace of {len(self.shapes)} layers needs counts of each: got {len(self.counts)}")
        leading = self.counts[0].shape[:2]
        for shape, counts in zip(self.shapes, self.counts, strict=True):
            if not np.issubdtype(counts.dtype, np.integer):
                raise InputError(f"trace of {shape.name}: counts are {counts.dtype}: expected whole numbers")
            if counts.shape != (*leading, shape.trace_channels) or 0 in counts.shape:
                raise InputError(
                    f"trace of {shape.name}: counts of shape {counts.shape}: "
                    f"expected [samples, timesteps, {shape.trace_channels}], alike in all layers"
                )
            most = most_spikes(shape)
            if counts.min() < 0 or (counts.max(axis=(0, 1)) > most).any():
                worst = counts.min() if counts.min() < 0 else counts.max()
                raise InputError(
                    f"trace of {shape.name}: {worst} spikes in one channel and timestep are impossible: "
                    f"allowed: 0 to {most.max()}"
                )

    def take(self, samples: NDArray[np.int64] | slice) -> Trace:
        """The trace of some of the samples."""
        return Trace(self.shapes, tuple(counts[samples] for counts in self.counts), self.weight_bits)


def most_spikes(shape: LayerShape) -> NDArray[np.int64]:
    """int64[trace_channels]: the largest count possible in one timestep."""
    most = np.full(shape.trace_channels, shape.frame)
    most[shape.in_channels :] = shape.neurons // (shape.out_channels if shape.kind == "conv" else 1)
    return most

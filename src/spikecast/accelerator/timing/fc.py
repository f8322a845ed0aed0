"""Cycles of a fully connected layer on the sparse core: compress all timesteps, then serve the neurons.

There is no overlap between the two. The hardware serves one neuron group more than it needs
(``neurons // cores + 1``); so does this law.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikecast.accelerator.timing.spike_counts import positive, spike_counts

#: Cycles beside compression and serving; where they go is not known.
HANDOVER = 4


@dataclass(frozen=True)
class FcSizes:
    """A fully connected layer and the cores that serve it, as far as they decide its cycles.

    Attributes:
        inputs: number of inputs, channels times pixels.
        in_channels: channels of the layer in front; 1 behind another fully connected layer.
        neurons: neurons of the layer.
        cores: cores that serve them.
        encoder_width: inputs that the compressor scans at once.
    """

    inputs: int
    in_channels: int
    neurons: int
    cores: int
    encoder_width: int = 200

    def __post_init__(self) -> None:
        """Check that every size is at least 1.

        Raises:
            InputError: the first that is not.
        """
        positive(**vars(self))

    @property
    def chunks(self) -> int:
        """Scans that a timestep's inputs take."""
        return -(-self.inputs // self.encoder_width)

    @property
    def groups(self) -> int:
        """Groups of neurons that the cores serve, one more than it takes."""
        return self.neurons // self.cores + 1


def sparse_fc(
    spikes: ArrayLike,
    *,
    inputs: int,
    in_channels: int,
    neurons: int,
    cores: int,
    encoder_width: int = 200,
) -> int:
    """Cycles of one fully connected layer for one sample.

    Args:
        spikes: int[timesteps], spikes that enter in each timestep.
        inputs, in_channels, neurons, cores, encoder_width: see ``FcSizes``.

    Returns:
        The cycle of the layer's done pulse.

    Raises:
        InputError: a count or size is impossible.
    """
    counts = spike_counts(spikes, dimensions=1, largest=inputs)
    sizes = FcSizes(inputs, in_channels, neurons, cores, encoder_width)
    return int(sparse_fc_samples(counts[np.newaxis], sizes)[0])


def sparse_fc_samples(counts: NDArray[np.int64], sizes: FcSizes) -> NDArray[np.int64]:
    """Cycles of one fully connected layer for many samples: int64[samples], of the done pulse.

    Args:
        counts: int64[samples, timesteps], spikes that enter, possible ones: they are not checked.
        sizes: of the layer.
    """
    compress, serve = sparse_fc_parts(counts, sizes)
    done: NDArray[np.int64] = compress.sum(axis=1) + serve + HANDOVER
    return done


def sparse_fc_parts(counts: NDArray[np.int64], sizes: FcSizes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cycles of the two parts: int64[samples, timesteps] of compression, then int64[samples] of serving neurons.

    Args:
        counts: int64[samples, timesteps], spikes that enter.
        sizes: of the layer.
    """
    compress = sizes.in_channels + 1 + 2 * sizes.chunks + 2 * counts + 1
    return compress, sizes.groups * group_cycles(counts).sum(axis=1)


def group_cycles(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64[samples, timesteps]: cycles in which one group of neurons is served; it begins with one cycle more."""
    cycles: NDArray[np.int64] = np.maximum(counts, 1) + 2
    cycles[:, 0] += 1
    return cycles

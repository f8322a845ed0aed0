"""Cycles of a fully connected layer on the sparse core: compress all timesteps, then serve the neurons.

There is no overlap between the two. The hardware serves one neuron group more than it needs
(``neurons // cores + 1``); so does this law.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikecast.accelerator.timing.counts import positive, spike_counts

#: Cycles beside compression and serving; where they go is not known.
HANDOVER = 4


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
        inputs: number of inputs, channels times pixels.
        in_channels: channels of the layer in front; 1 behind another fully connected layer.
        neurons: neurons of the layer.
        cores: cores that serve them.
        encoder_width: inputs that the compressor scans at once.

    Returns:
        The cycle of the layer's done pulse.

    Raises:
        InputError: a count or size is impossible.
    """
    counts = spike_counts(spikes, dimensions=1, largest=inputs)
    done = sparse_fc_samples(
        counts[np.newaxis],
        inputs=inputs,
        in_channels=in_channels,
        neurons=neurons,
        cores=cores,
        encoder_width=encoder_width,
    )
    return int(done[0])


def sparse_fc_samples(
    counts: NDArray[np.int64],
    *,
    inputs: int,
    in_channels: int,
    neurons: int,
    cores: int,
    encoder_width: int = 200,
) -> NDArray[np.int64]:
    """As ``sparse_fc`` for many samples: counts int64[samples, timesteps] to int64[samples]."""
    compress, iterate = sparse_fc_parts(
        counts,
        inputs=inputs,
        in_channels=in_channels,
        neurons=neurons,
        cores=cores,
        encoder_width=encoder_width,
    )
    done: NDArray[np.int64] = compress.sum(axis=1) + iterate + HANDOVER
    return done


def sparse_fc_parts(
    counts: NDArray[np.int64],
    *,
    inputs: int,
    in_channels: int,
    neurons: int,
    cores: int,
    encoder_width: int = 200,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cycles of the two parts: int64[samples, timesteps] of compression, then int64[samples] of serving neurons."""
    positive(inputs=inputs, in_channels=in_channels, neurons=neurons, cores=cores, encoder_width=encoder_width)
    chunks = -(-inputs // encoder_width)
    compress = in_channels + 1 + 2 * chunks + 2 * counts + 1
    iterate = (neurons // cores + 1) * group_cycles(counts).sum(axis=1)
    return compress, iterate


def group_cycles(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64[samples, timesteps]: cycles in which one group of neurons is served; it begins with one cycle more."""
    cycles: NDArray[np.int64] = np.maximum(counts, 1) + 2
    cycles[:, 0] += 1
    return cycles

"""Cycles of a convolution on the sparse core: a compressor and an accumulator side by side.

The compressor scans one channel frame in chunks and lists its spikes; the accumulator spends kernel * kernel
cycles per spike, all cores in lock step, and sweeps all neurons after the last channel of a timestep. The
compressor works one channel ahead. Everything repeats in every pass, a pass being the output channels that the
cores serve at once. The law is that of the published sparse-core RTL (DATE'25, ISPASS'26), cycle for cycle.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikecast.accelerator.compiled import compiled
from spikecast.accelerator.timing.counts import positive, spike_counts


def sparse_conv(
    spikes: ArrayLike,
    *,
    frame: int,
    out_channels: int,
    cores: int,
    kernel: int = 3,
    encoder_width: int | None = None,
) -> tuple[int, int]:
    """Cycles of one convolution layer for one sample.

    Args:
        spikes: int[timesteps, in_channels], spikes that enter in each timestep and channel.
        frame: pixels of the input frame, height times width.
        out_channels: output channels of the layer.
        cores: cores that serve the layer; core k computes output channels k, k + cores, ...
        kernel: kernel width.
        encoder_width: pixels that the compressor scans at once; a quarter of the frame if not given.

    Returns:
        ``(done, drained)``: the cycle of the layer's done pulse, and the cycle at which its last sweep ends.

    Raises:
        InputError: a count or size is impossible.
    """
    counts = spike_counts(spikes, dimensions=2, largest=frame)
    done, drained = sparse_conv_samples(
        counts[np.newaxis],
        frame=frame,
        out_channels=out_channels,
        cores=cores,
        kernel=kernel,
        encoder_width=encoder_width,
    )
    return int(done[0]), int(drained[0])


def sparse_conv_samples(
    counts: NDArray[np.int64],
    *,
    frame: int,
    out_channels: int,
    cores: int,
    kernel: int,
    encoder_width: int | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """As ``sparse_conv`` for many samples: counts int64[samples, timesteps, in_channels] to two int64[samples]."""
    width = max(frame // 4, 1) if encoder_width is None else encoder_width
    positive(frame=frame, out_channels=out_channels, cores=cores, kernel=kernel, encoder_width=width)
    chunks = -(-frame // width)
    passes = -(-out_channels // cores)
    return _run(counts, passes, frame, kernel * kernel, chunks)


@compiled
def _run(
    counts: NDArray[np.int64], passes: int, frame: int, taps: int, chunks: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    samples, timesteps, channels = counts.shape
    done = np.empty(samples, np.int64)
    drained = np.empty(samples, np.int64)
    for sample in range(samples):
        take = 1  # cycle at which the compressor takes its next channel
        idle = -(2**62)  # cycle at which the accumulator is free
        handed = 0  # cycle at which the compressor has handed over its last channel
        for _ in range(passes):
            for t in range(timesteps):
                for channel in range(channels):
                    s = counts[sample, t, channel]
                    last = channel == channels - 1
                    compressed = take + 1 + 2 * chunks + 2 * s
                    if s > 0:
                        end = max(compressed, idle) + taps * s
                        handed = max(compressed, idle + 1) + 1
                        idle = end + (frame if last else 1)
                    else:
                        handed = compressed
                        if last:
                            begin = idle if handed + 1 <= idle - 1 else max(handed + 1, idle) + 1
                            idle = begin + frame - 1
                    take = handed + (2 if last else 1)
            take += 1
        done[sample] = handed + 4
        drained[sample] = idle
    return done, drained

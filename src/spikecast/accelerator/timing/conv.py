"""Cycles of a convolution on the sparse core: a compressor and an accumulator side by side.

The compressor scans one channel frame in chunks and lists its spikes; the accumulator spends kernel * kernel
cycles per spike, all cores in lock step, and sweeps all neurons after the last channel of a timestep. The
compressor works one channel ahead. Everything repeats in every pass, a pass being the output channels that the
cores serve at once. The law is that of the published sparse-core RTL (DATE'25, ISPASS'26), cycle for cycle.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikecast._util.compiled import compiled_when_worth
from spikecast.accelerator.timing.counts import positive, spike_counts


def sparse_conv(
    spikes: ArrayLike,
    *,
    frame: int,
    out_channels: int,
    cores: int,
    kernel: int = 3,
    encoder_width: int | None = None,
    neurons: int | None = None,
) -> tuple[int, int]:
    """Cycles of one convolution layer for one sample.

    Args:
        spikes: int[timesteps, in_channels], spikes that enter in each timestep and channel.
        frame: pixels of the input frame, height times width.
        out_channels: output channels of the layer.
        cores: cores that serve the layer; core k computes output channels k, k + cores, ...
        kernel: kernel width.
        encoder_width: pixels that the compressor scans at once; a quarter of the frame if not given.
        neurons: neurons of an output channel, which a sweep visits; as many as the frame has pixels if not given
            (same padding, stride 1), the only case with a reference.

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
        neurons=neurons,
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
    neurons: int | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """As ``sparse_conv`` for many samples: counts int64[samples, timesteps, in_channels] to two int64[samples]."""
    passes, taps, chunks, swept = _sizes(frame, out_channels, cores, kernel, encoder_width, neurons)
    return _run(counts, passes, swept, taps, chunks, np.empty((0, len(CONV_EVENTS)), np.int64))


def sparse_conv_busy(
    counts: NDArray[np.int64],
    *,
    frame: int,
    out_channels: int,
    cores: int,
    kernel: int,
    encoder_width: int | None = None,
    neurons: int | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cycles in which the compressor and the accumulator (with its sweeps) work, both int64[samples]."""
    passes, taps, chunks, swept = _sizes(frame, out_channels, cores, kernel, encoder_width, neurons)
    _, timesteps, channels = counts.shape
    spikes = counts.sum(axis=(1, 2))
    compress: NDArray[np.int64] = passes * (timesteps * channels * (1 + 2 * chunks) + 2 * spikes)
    accumulate: NDArray[np.int64] = passes * (taps * spikes + timesteps * swept)
    return compress, accumulate


#: What ``sparse_conv_events`` tells of every pass, timestep and channel. A phase that did not happen starts and ends
#: at 0; cycles count from the start of the layer.
CONV_EVENTS = (
    "compress_start",
    "compress_end",
    "accumulate_start",
    "accumulate_end",
    "sweep_start",
    "sweep_end",
)


def sparse_conv_events(
    counts: NDArray[np.int64],
    *,
    frame: int,
    out_channels: int,
    cores: int,
    kernel: int,
    encoder_width: int | None = None,
    neurons: int | None = None,
) -> NDArray[np.int64]:
    """When the engines worked on one sample, int64[passes, timesteps, in_channels, events].

    ``counts`` is int64[timesteps, in_channels], the events are named in ``CONV_EVENTS``.
    """
    passes, taps, chunks, swept = _sizes(frame, out_channels, cores, kernel, encoder_width, neurons)
    events = np.zeros((passes * counts.size, len(CONV_EVENTS)), np.int64)
    _run(counts[np.newaxis], passes, swept, taps, chunks, events)
    return events.reshape(passes, *counts.shape, -1)


def _sizes(
    frame: int, out_channels: int, cores: int, kernel: int, encoder_width: int | None, neurons: int | None
) -> tuple[int, int, int, int]:
    """Passes, taps of the kernel, chunks of a frame, neurons of a sweep."""
    width = max(frame // 4, 1) if encoder_width is None else encoder_width
    swept = frame if neurons is None else neurons
    positive(frame=frame, out_channels=out_channels, cores=cores, kernel=kernel, encoder_width=width, neurons=swept)
    return -(-out_channels // cores), kernel * kernel, -(-frame // width), swept


@compiled_when_worth(turns=lambda counts, passes, *_: counts.size * passes)
def _run(
    counts: NDArray[np.int64], passes: int, swept: int, taps: int, chunks: int, events: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    samples, timesteps, channels = counts.shape
    done = np.empty(samples, np.int64)
    drained = np.empty(samples, np.int64)
    record = len(events) > 0
    step = 0
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
                    if record:
                        events[step, 0], events[step, 1] = take, compressed
                    if s > 0:
                        start = max(compressed, idle)
                        end = start + taps * s
                        handed = max(compressed, idle + 1) + 1
                        idle = end + (swept if last else 1)
                        if record:
                            events[step, 2], events[step, 3] = start, end
                            if last:
                                events[step, 4], events[step, 5] = end, idle
                    else:
                        handed = compressed
                        if last:
                            begin = idle if handed + 1 <= idle - 1 else max(handed + 1, idle) + 1
                            idle = begin + swept - 1
                            if record:
                                events[step, 4], events[step, 5] = begin, idle
                    take = handed + (2 if last else 1)
                    step += 1
            take += 1
        done[sample] = handed + 4
        drained[sample] = idle
    return done, drained

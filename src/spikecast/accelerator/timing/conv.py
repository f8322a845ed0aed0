"""Cycles of a convolution on the sparse core: a compressor and an accumulator side by side.

The compressor scans one channel frame in chunks and lists its spikes; the accumulator spends kernel * kernel
cycles per spike, all cores in lock step, and sweeps all neurons after the last channel of a timestep. The
compressor works one channel ahead. Everything repeats in every pass, a pass being the output channels that the
cores serve at once. The law is that of the published sparse-core RTL (DATE'25, ISPASS'26), cycle for cycle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikecast._util.compiled import compiled_when_worth
from spikecast.accelerator.timing.spike_counts import positive, spike_counts

#: Columns of ``sparse_conv_events``. A phase that did not happen starts and ends at 0; cycles count from the start of
#: the layer.
CONV_EVENTS = (
    "compress_start",
    "compress_end",
    "accumulate_start",
    "accumulate_end",
    "sweep_start",
    "sweep_end",
)


@dataclass(frozen=True)
class ConvSizes:
    """A convolution and the cores that serve it, as far as they decide its cycles.

    Attributes:
        frame: pixels of the input frame, height times width.
        out_channels: output channels of the layer.
        cores: cores that serve the layer; core k computes output channels k, k + cores, ...
        kernel: kernel width.
        encoder_width: pixels that the compressor scans at once; None: a quarter of the frame.
        neurons: neurons of an output channel, which a sweep visits; None: as many as the frame has pixels (same
            padding, stride 1), the only case with a reference.
    """

    frame: int
    out_channels: int
    cores: int
    kernel: int = 3
    encoder_width: int | None = None
    neurons: int | None = None

    def __post_init__(self) -> None:
        """Check that every size is at least 1.

        Raises:
            InputError: the first that is not.
        """
        positive(
            frame=self.frame,
            out_channels=self.out_channels,
            cores=self.cores,
            kernel=self.kernel,
            encoder_width=self.width,
            neurons=self.swept,
        )

    @property
    def width(self) -> int:
        """Pixels that the compressor scans at once."""
        return max(self.frame // 4, 1) if self.encoder_width is None else self.encoder_width

    @property
    def swept(self) -> int:
        """Neurons that a sweep visits."""
        return self.frame if self.neurons is None else self.neurons

    @property
    def passes(self) -> int:
        """How often the cores go through the layer's spikes."""
        return -(-self.out_channels // self.cores)

    @property
    def taps(self) -> int:
        """Cycles that the accumulator spends on a spike."""
        return self.kernel * self.kernel

    @property
    def chunks(self) -> int:
        """Scans that a frame takes."""
        return -(-self.frame // self.width)


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
        frame, out_channels, cores, kernel, encoder_width, neurons: see ``ConvSizes``.

    Returns:
        ``(done, drained)``: the cycle of the layer's done pulse, and the cycle at which its last sweep ends.

    Raises:
        InputError: a count or size is impossible.
    """
    counts = spike_counts(spikes, dimensions=2, largest=frame)
    sizes = ConvSizes(frame, out_channels, cores, kernel, encoder_width, neurons)
    done, drained = sparse_conv_samples(counts[np.newaxis], sizes)
    return int(done[0]), int(drained[0])


def sparse_conv_samples(counts: NDArray[np.int64], sizes: ConvSizes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cycles of one convolution layer for many samples.

    Args:
        counts: int64[samples, timesteps, in_channels], spikes that enter, possible ones: they are not checked.
        sizes: of the layer.

    Returns:
        ``(done, drained)``, both int64[samples]: the cycle of the done pulse, and that at which the last sweep ends.
    """
    return _run(counts, sizes.passes, sizes.swept, sizes.taps, sizes.chunks, np.empty((0, len(CONV_EVENTS)), np.int64))


def sparse_conv_busy(counts: NDArray[np.int64], sizes: ConvSizes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cycles in which the compressor and the accumulator (with its sweeps) work, both int64[samples].

    Args:
        counts: int64[samples, timesteps, in_channels], spikes that enter.
        sizes: of the layer.
    """
    _, timesteps, channels = counts.shape
    spikes = counts.sum(axis=(1, 2))
    compress: NDArray[np.int64] = sizes.passes * (timesteps * channels * (1 + 2 * sizes.chunks) + 2 * spikes)
    accumulate: NDArray[np.int64] = sizes.passes * (sizes.taps * spikes + timesteps * sizes.swept)
    return compress, accumulate


def sparse_conv_events(counts: NDArray[np.int64], sizes: ConvSizes) -> NDArray[np.int64]:
    """When the engines worked on one sample, int64[passes, timesteps, in_channels, ``CONV_EVENTS``].

    Args:
        counts: int64[timesteps, in_channels], spikes that enter.
        sizes: of the layer.
    """
    events = np.zeros((sizes.passes * counts.size, len(CONV_EVENTS)), np.int64)
    _run(counts[np.newaxis], sizes.passes, sizes.swept, sizes.taps, sizes.chunks, events)
    return events.reshape(sizes.passes, *counts.shape, -1)


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

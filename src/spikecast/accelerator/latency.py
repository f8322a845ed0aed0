"""From a trace to cycles on a given hardware, by the timing laws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.hardware import Hardware
from spikecast.accelerator.timing import sparse_conv_samples, sparse_fc_samples
from spikecast.accelerator.trace import Trace
from spikecast.architecture import LayerShape


@dataclass(frozen=True)
class Latency:
    """Cycles per sample and layer, both int64[samples, layers]: the done pulse, and the end of the last sweep."""

    done: NDArray[np.int64]
    drained: NDArray[np.int64]

    @property
    def cycles(self) -> NDArray[np.int64]:
        """int64[samples]: cycles of one inference, the sum of the layers' done cycles, as published."""
        total: NDArray[np.int64] = self.done.sum(axis=1)
        return total


def time_trace(trace: Trace, hardware: Hardware) -> Latency:
    """Time every sample of a trace on ``hardware``."""
    layers = [_time_layer(shape, counts, hardware) for shape, counts in zip(trace.shapes, trace.counts, strict=True)]
    done, drained = (np.stack(cycles, axis=1) for cycles in zip(*layers, strict=True))
    return Latency(done, drained)


def _time_layer(
    shape: LayerShape, counts: NDArray[np.int64], hardware: Hardware
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    cores = hardware.cores_of(shape)
    if shape.kind == "conv":
        return sparse_conv_samples(
            counts, frame=shape.frame, out_channels=shape.out_channels, cores=cores, kernel=shape.kernel
        )
    done = sparse_fc_samples(
        counts.sum(axis=2),
        inputs=shape.inputs,
        in_channels=shape.in_channels,
        neurons=shape.out_channels,
        cores=cores,
        encoder_width=hardware.fc_encoder_width,
    )
    # A fully connected layer has no sweep behind its done pulse.
    return done, done

"""From a trace to cycles on a given hardware, by the timing laws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.allocation import allocate
from spikecast.accelerator.hardware import Hardware
from spikecast.accelerator.timing import ConvSizes, FcSizes, sparse_conv_samples, sparse_fc_samples
from spikecast.accelerator.trace import SpikeCounts
from spikecast.architecture import LayerShape


@dataclass(frozen=True)
class Latency:
    """Cycles of many samples.

    Attributes:
        cycles: int64[samples], cycles of one inference: in mode layerwise the sum of the layers' done cycles, as
            published; in mode pipeline the cycle at which the last layer ends.
        done: int64[samples, layers]. Layerwise: cycles from a layer's start to its done pulse. Pipeline: the cycle at
            which the layer finished its last timestep.
        drained: int64[samples, layers], in the same count the end of the layer's last sweep.
        allocation: cores per layer (layerwise), or neurons per unit (pipeline).
        generalized: where the timing law was extended beyond what its reference covers, and how; empty if exact.
    """

    cycles: NDArray[np.int64]
    done: NDArray[np.int64]
    drained: NDArray[np.int64]
    allocation: tuple[int, ...]
    generalized: tuple[str, ...]

    @property
    def timing(self) -> str:
        """``exact``, or ``generalised`` where no reference exists."""
        return "generalised" if self.generalized else "exact"


def time_trace(trace: SpikeCounts, hardware: Hardware) -> Latency:
    """Time every sample of a trace on ``hardware``.

    Raises:
        InputError: the hardware cannot run this network.
    """
    allocation = allocate(trace, hardware)
    if hardware.mode == "pipeline":
        return _time_pipeline(trace, allocation)
    layers = [
        time_layer(shape, counts, cores, hardware)
        for shape, counts, cores in zip(trace.shapes, trace.counts, allocation, strict=True)
    ]
    done, drained = (np.stack(cycles, axis=1) for cycles in zip(*layers, strict=True))
    extended = [reason for shape in trace.shapes for reason in _beyond_reference(shape)]
    return Latency(done.sum(axis=1), done, drained, allocation, tuple(extended))


def time_layer(
    shape: LayerShape, counts: NDArray[np.int64], cores: int, hardware: Hardware
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """One layer's done and drained cycles, both int64[samples], on ``cores`` in mode layerwise."""
    if shape.kind == "conv":
        return sparse_conv_samples(counts, conv_sizes(shape, cores, hardware))
    done = sparse_fc_samples(counts.sum(axis=2), fc_sizes(shape, cores, hardware))
    # A fully connected layer has no sweep behind its done pulse.
    return done, done


def conv_sizes(shape: LayerShape, cores: int, hardware: Hardware) -> ConvSizes:
    """A convolution as its timing law takes it."""
    return ConvSizes(
        frame=shape.frame,
        out_channels=shape.out_channels,
        cores=cores,
        kernel=shape.kernel,
        encoder_width=hardware.conv_encoder_width,
        neurons=shape.neurons // shape.out_channels,
    )


def fc_sizes(shape: LayerShape, cores: int, hardware: Hardware) -> FcSizes:
    """A fully connected layer as its timing law takes it; its own spikes, if they come back, are inputs too."""
    assert hardware.fc_encoder_width is not None
    return FcSizes(
        inputs=shape.all_inputs,
        in_channels=shape.trace_channels,
        neurons=shape.out_channels,
        cores=cores,
        encoder_width=hardware.fc_encoder_width,
    )


def pipeline_counts(trace: SpikeCounts) -> NDArray[np.int64]:
    """int64[samples, layers, timesteps]: spikes that enter each fully connected layer of the pipeline."""
    return np.stack([counts.sum(axis=2) for counts in trace.counts], axis=1)


def _time_pipeline(trace: SpikeCounts, unit_size: tuple[int, ...]) -> Latency:
    # The pipeline's law is compiled when it is imported, which a prediction for other hardware should not wait for.
    from spikecast.accelerator.timing.pipeline import EXACT_DEPTH, fc_pipeline_samples

    cycles, phases = fc_pipeline_samples(pipeline_counts(trace), unit_size=unit_size)
    finished = phases[:, :, -1, 1]
    extended = [reason for shape in trace.shapes for reason in _beyond_reference(shape)]
    if len(unit_size) != EXACT_DEPTH:
        extended.append(f"a pipeline of {len(unit_size)} layers, every handshake taken as one cycle")
    return Latency(cycles, finished, finished, unit_size, tuple(extended))


def _beyond_reference(shape: LayerShape) -> list[str]:
    """What of a layer no reference simulation covers, and how the law was extended."""
    reasons = []
    if shape.kind == "conv" and (shape.stride != 1 or shape.neuron_size != shape.in_size):
        reasons.append(f"{shape.name}: stride or padding changes the frame, all taps counted, sweeps over the neurons")
    if shape.recurrent:
        reasons.append(f"{shape.name}: its own spikes counted as further input channels")
    return reasons

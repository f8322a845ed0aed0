"""Run a network on event-driven hardware: spikes, trace, cycles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from spikecast.accelerator.engine import run_layer
from spikecast.accelerator.hardware import Hardware
from spikecast.accelerator.latency import Latency, time_trace
from spikecast.accelerator.network import Network
from spikecast.accelerator.spike_lists import from_frames
from spikecast.accelerator.trace import Trace
from spikecast.errors import InputError


@dataclass(frozen=True)
class SimulationResult:
    """What the hardware does with a batch of samples.

    Attributes:
        output_spikes: uint8[samples, timesteps, outputs], spikes of the last layer.
        trace: spikes that enter every layer.
        fired: int64[samples, layers], spikes that a layer's neurons fire in all timesteps, before pooling.
        latency: cycles per sample and layer.
        hardware: what it ran on.
    """

    output_spikes: NDArray[np.uint8]
    trace: Trace
    fired: NDArray[np.int64]
    latency: Latency
    hardware: Hardware

    @property
    def latency_cycles(self) -> NDArray[np.int64]:
        """int64[samples]."""
        return self.latency.cycles

    @property
    def latency_us(self) -> NDArray[np.float64]:
        """float64[samples], at the hardware's clock."""
        return self.latency_cycles / self.hardware.clock_mhz

    @property
    def sparsity(self) -> float:
        """Share of neurons and timesteps without a spike, over all layers and samples, 0..1."""
        neurons = sum(shape.neurons for shape in self.trace.shapes)
        return 1.0 - float(self.fired.sum(axis=1).mean()) / (neurons * self._timesteps)

    @property
    def layers(self) -> pd.DataFrame:
        """One row per layer, means over samples: layer, spikes_in, sparsity, done_cycles, drained_cycles."""
        neurons = np.array([shape.neurons for shape in self.trace.shapes])
        return pd.DataFrame(
            {
                "layer": [shape.name for shape in self.trace.shapes],
                "spikes_in": [counts.sum(axis=(1, 2)).mean() for counts in self.trace.counts],
                "sparsity": 1.0 - self.fired.mean(axis=0) / (neurons * self._timesteps),
                "done_cycles": self.latency.done.mean(axis=0),
                "drained_cycles": self.latency.drained.mean(axis=0),
            }
        )

    @property
    def _timesteps(self) -> int:
        return int(self.output_spikes.shape[1])


def simulate(network: Network, spikes: ArrayLike, hardware: Hardware) -> SimulationResult:
    """Run every sample through the network, spike by spike, and time it.

    Args:
        network: folded network.
        spikes: 0 or 1, [samples, timesteps, channels, height, width].
        hardware: what it runs on.

    Raises:
        InputError: the spikes do not fit the network.
    """
    frames = np.asarray(spikes)
    first = network.layers[0].shape
    expected = (first.in_channels, *first.in_size)
    if frames.ndim < 3 or int(np.prod(frames.shape[2:])) != first.inputs:
        raise InputError(
            f"spikes of shape {frames.shape} do not fit the network: "
            f"expected [samples, timesteps, {', '.join(map(str, expected))}]"
        )
    lists = from_frames(frames)
    counts, fired = [], []
    for layer in network.layers:
        counts.append(lists.counts(layer.shape.in_channels, layer.shape.frame))
        lists, layer_fired = run_layer(layer, lists)
        fired.append(layer_fired.sum(axis=1))
    trace = Trace(network.shapes, tuple(counts))
    return SimulationResult(
        output_spikes=lists.dense(network.layers[-1].shape.out_channels),
        trace=trace,
        fired=np.stack(fired, axis=1),
        latency=time_trace(trace, hardware),
        hardware=hardware,
    )

"""Run a network on event-driven hardware: spikes, trace, cycles, energy."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from joblib import cpu_count
from numpy.typing import ArrayLike, NDArray

from spikecast.accelerator.energy import Energy, energy_of
from spikecast.accelerator.engine import LayerOutput, LayerPlan, plan_layer, run_layer
from spikecast.accelerator.hardware import DEFAULT_HARDWARE, Hardware, load_hardware
from spikecast.accelerator.latency import Latency, time_trace
from spikecast.accelerator.network import Network
from spikecast.accelerator.spike_lists import SpikeLists, binary_frames, from_frames, join_lists
from spikecast.accelerator.summary import layer_report
from spikecast.accelerator.trace import Trace
from spikecast.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

#: Samples that one thread takes through the whole network at once: few enough to stay near the processor.
CHUNK = 32


@dataclass(frozen=True)
class SimulationResult:
    """What the hardware does with a batch of samples.

    Attributes:
        output_spikes: uint8[samples, timesteps, outputs], spikes of the last layer.
        trace: spikes that enter every layer.
        fired: int64[samples, layers], spikes that a layer's neurons fire in all timesteps, before pooling.
        layer_operations: int64[samples, layers], additions of a weight other than zero that spikes caused.
        latency: cycles per sample and layer.
        hardware: what it ran on.
        membranes: if asked for, per layer float32[samples, timesteps, out_channels, height, width], every neuron's
            membrane as it decided to fire; else None.
        near_threshold: if asked for, int64[samples, layers], decisions to fire or not whose membrane lay within 1e-6 of
            the threshold (times its size, where that is above 1); else None. Float sums in another order may decide
            these otherwise, as snnTorch itself does from batch size to batch size.
    """

    output_spikes: NDArray[np.uint8]
    trace: Trace
    fired: NDArray[np.int64]
    layer_operations: NDArray[np.int64]
    latency: Latency
    hardware: Hardware
    membranes: tuple[NDArray[np.float32], ...] | None = None
    near_threshold: NDArray[np.int64] | None = None

    @property
    def latency_cycles(self) -> NDArray[np.int64]:
        """int64[samples]."""
        return self.latency.cycles

    @property
    def latency_us(self) -> NDArray[np.float64]:
        """float64[samples], at the hardware's clock."""
        return self.hardware.microseconds(self.latency_cycles)

    @cached_property
    def energy(self) -> Energy:
        """An estimate, its parts kept apart."""
        return energy_of(self.trace, self.latency, self.hardware)

    @property
    def energy_nj(self) -> NDArray[np.float64]:
        """float64[samples], an estimate; NaN where the hardware has no energy table."""
        return self.energy.total_nj

    @property
    def layer_sparsity(self) -> NDArray[np.float64]:
        """float64[layers]: share of a layer's neurons and timesteps without a spike, over all samples, 0..1."""
        neurons = np.array([shape.neurons for shape in self.trace.shapes])
        sparsity: NDArray[np.float64] = 1.0 - self.fired.mean(axis=0) / (neurons * self.trace.timesteps)
        return sparsity

    @property
    def sparsity(self) -> float:
        """Share of neurons and timesteps without a spike, over all layers and samples, 0..1."""
        neurons = sum(shape.neurons for shape in self.trace.shapes)
        return 1.0 - float(self.fired.sum(axis=1).mean()) / (neurons * self.trace.timesteps)

    @property
    def activation_sparsity(self) -> float:
        """NeuroBench's name for ``sparsity``."""
        return self.sparsity

    @property
    def synaptic_operations(self) -> NDArray[np.int64]:
        """int64[samples]: NeuroBench's Effective_ACs of a sample, additions of a weight other than zero."""
        operations: NDArray[np.int64] = self.layer_operations.sum(axis=1)
        return operations

    @property
    def layers(self) -> pd.DataFrame:
        """One row per layer, means over samples; columns as ``layer_report`` names them, and ``sparsity``."""
        table = layer_report(self.trace, self.latency, self.hardware)
        table.insert(2, "sparsity", self.layer_sparsity)
        return table


def simulate(
    network: Network | Any,
    spikes: ArrayLike,
    hardware: str | Path | Hardware = DEFAULT_HARDWARE,
    *,
    threads: int | None = None,
    membranes: bool = False,
    near_threshold: bool = False,
    time_first: bool | None = None,
) -> SimulationResult:
    """Run every sample through the network, spike by spike, and time it.

    Args:
        network: a folded network, or a live snnTorch module, which is imported first (see
            ``spikecast.snn.live.network_of``).
        spikes: 0 or 1, [samples, timesteps, channels, height, width] or [samples, timesteps, inputs]; an array or a
            torch tensor.
        hardware: a shipped name, a YAML file, or a description.
        threads: samples run on this many cores at once; all if left out. Results do not depend on it.
        membranes: keep every neuron's membrane at every timestep, for debugging; it takes memory.
        near_threshold: count decisions to fire or not that rounding may have made; it takes a tenth more time.
        time_first: whether spikes come as [timesteps, samples, ...], as tonic's and snnTorch's loaders give them. If
            left out, samples come first, with a warning where the module itself takes timesteps first.

    Warns:
        UserWarning: ``time_first`` is left out and the module takes timesteps first.

    Raises:
        InputError: the spikes do not fit the network, or the hardware cannot represent it; no threads.
    """
    if threads is not None and threads < 1:
        raise InputError(f"{threads} threads cannot run anything: give 1 or more, or leave it out for all cores")
    target, frames = load_hardware(hardware), binary_frames(spikes)
    if time_first:
        frames = frames.swapaxes(0, 1)
    if 0 in frames.shape:
        raise InputError(f"spikes of shape {frames.shape} hold no sample: give one or more, of one timestep or more")
    folded = network if isinstance(network, Network) else _imported(network, frames, time_first is not None)
    first = folded.layers[0].shape
    expected = (first.in_channels, *first.in_size)
    if frames.shape[2:] not in (expected, (first.inputs,)):
        raise InputError(
            f"spikes of shape {frames.shape} do not fit the network: "
            f"expected [samples, timesteps, {', '.join(map(str, expected))}]"
        )
    plans = [plan_layer(layer) for layer in folded.layers]
    parts = [frames[start : start + CHUNK] for start in range(0, len(frames), CHUNK)]
    run = partial(_run_part, plans, membranes=membranes, near_threshold=near_threshold)
    outputs = _run_parts(run, parts, cpu_count() if threads is None else threads)
    layers = [list(of_layer) for of_layer in zip(*outputs, strict=True)]
    trace = Trace(
        folded.shapes, tuple(np.concatenate([part.counts for part in layer]) for layer in layers), folded.weight_bits
    )
    answer = join_lists([part.spikes for part in layers[-1]])
    last = folded.layers[-1].shape

    def by_layer(name: str) -> NDArray[np.int64]:
        return np.stack([np.concatenate([getattr(part, name) for part in layer]) for layer in layers], axis=1)

    return SimulationResult(
        output_spikes=answer.dense(last.out_channels, last.out_size).reshape(*frames.shape[:2], -1),
        trace=trace,
        fired=by_layer("fired"),
        layer_operations=by_layer("synaptic_operations"),
        latency=time_trace(trace, target),
        hardware=target,
        membranes=_joined_membranes(layers) if membranes else None,
        near_threshold=by_layer("near_threshold") if near_threshold else None,
    )


def _imported(module: Any, frames: NDArray[np.uint8], order_known: bool) -> Network:
    """The network behind a live torch module; only whoever holds one has torch."""
    from spikecast.snn.live import network_of

    samples, timesteps = frames.shape[:2]
    return network_of(module, frames.shape[2:], timesteps, samples, order_known=order_known)


def _run_parts(
    run: Callable[[NDArray[np.uint8]], list[LayerOutput]], parts: list[NDArray[np.uint8]], threads: int
) -> list[list[LayerOutput]]:
    if threads == 1 or len(parts) == 1:
        return [run(part) for part in parts]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, parts))


def _run_part(
    plans: list[LayerPlan], frames: NDArray[np.uint8], membranes: bool, near_threshold: bool
) -> list[LayerOutput]:
    """Take some samples through all layers."""
    lists: SpikeLists = from_frames(frames, plans[0].layer.shape.in_channels)
    outputs = []
    for plan in plans:
        outputs.append(run_layer(plan, lists, membranes=membranes, near_threshold=near_threshold))
        lists = outputs[-1].spikes
    return outputs


def _joined_membranes(layers: list[list[LayerOutput]]) -> tuple[NDArray[np.float32], ...]:
    return tuple(np.concatenate([part.membranes for part in layer if part.membranes is not None]) for layer in layers)

"""What reports print of a timed trace: a table of its layers, and many samples in a few numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.allocation import most_useful_cores
from spikecast.accelerator.energy import energy_of
from spikecast.accelerator.hardware import Hardware
from spikecast.accelerator.latency import Latency, conv_sizes, fc_sizes, pipeline_counts, time_layer
from spikecast.accelerator.timing import sparse_conv_busy, sparse_fc_parts, spike_cycles
from spikecast.accelerator.trace import Trace
from spikecast.architecture import LayerShape

if TYPE_CHECKING:
    import pandas as pd


def summarize(trace: Trace, latency: Latency, hardware: Hardware) -> dict[str, Any]:
    """Latency, energy and layers of a timed trace as plain values.

    Keys: hardware, samples, timesteps, weight_bits, timing (``exact`` or ``generalised``) with its reasons,
    latency_cycles and latency_us (mean, p50, p95, max), energy_nj (the same; an estimate) with the mean of its parts,
    both None without an energy table, and layers, a list of ``layer_report``'s rows.
    """
    energy = energy_of(trace, latency, hardware)
    known = energy.table is not None
    return {
        "hardware": hardware.name,
        "samples": trace.samples,
        "timesteps": trace.timesteps,
        "weight_bits": trace.weight_bits,
        "timing": latency.timing,
        "timing_reasons": list(latency.generalized),
        "latency_cycles": spread(latency.cycles),
        "latency_us": spread(hardware.microseconds(latency.cycles)),
        "energy_nj": spread(energy.total_nj) if known else None,
        "energy_parts_nj": {part: float(nj.mean()) for part, nj in energy.parts_nj.items()} if known else None,
        "layers": layer_report(trace, latency, hardware).to_dict("records"),
    }


def spread(values: NDArray[Any]) -> dict[str, float]:
    """mean, p50, p95 and max over samples."""
    return {
        "mean": float(values.mean()),
        "p50": float(np.percentile(values, 50)),
        "p95": float(np.percentile(values, 95)),
        "max": float(values.max()),
    }


def layer_report(trace: Trace, latency: Latency, hardware: Hardware) -> pd.DataFrame:
    """One row per layer, means over samples.

    Columns:
        layer: its name.
        spikes_in: spikes that enter it in an inference.
        done_cycles, drained_cycles: as ``Latency`` has them.
        share: of the inference's cycles; in mode pipeline, the share of cycles in which the layer works.
        bound: the engine that works longer, ``accumulate`` (with the sweeps) or ``compress``; in mode pipeline
            ``slowest`` marks the layer that limits the throughput, ``waits`` the others.
        cores: cores of the layer; in mode pipeline neurons per unit, as ``unit_size``.
        utilization: share of the cores' cycles, until drained, in which they add a weight.
        floor_cycles: done cycles with as many cores as can help, or one neuron per unit: what cores cannot shorten.
    """
    import pandas as pd

    if hardware.mode == "pipeline":
        return pd.DataFrame(_pipeline_columns(trace, latency))
    rows = [
        _layer_row(shape, counts, cores, hardware, latency.drained[:, i].mean())
        for i, (shape, counts, cores) in enumerate(zip(trace.shapes, trace.counts, latency.allocation, strict=True))
    ]
    table = pd.DataFrame(rows)
    table.insert(2, "done_cycles", latency.done.mean(axis=0))
    table.insert(3, "drained_cycles", latency.drained.mean(axis=0))
    table.insert(4, "share", latency.done.mean(axis=0) / latency.cycles.mean())
    return table


def _layer_row(
    shape: LayerShape, counts: NDArray[np.int64], cores: int, hardware: Hardware, drained: float
) -> dict[str, object]:
    spikes = float(counts.sum(axis=(1, 2)).mean())
    compress, accumulate = engine_cycles(shape, counts, cores, hardware)
    floor, _ = time_layer(shape, counts, most_useful_cores(shape), hardware)
    adds = spikes * shape.adds_per_spike
    return {
        "layer": shape.name,
        "spikes_in": spikes,
        "bound": "compress" if compress > accumulate else "accumulate",
        "cores": cores,
        "utilisation": adds / (cores * drained),
        "floor_cycles": float(floor.mean()),
    }


def engine_cycles(shape: LayerShape, counts: NDArray[np.int64], cores: int, hardware: Hardware) -> tuple[float, float]:
    """Cycles in which the compressor and the accumulator (with its sweeps) work, means over samples."""
    if shape.kind == "fc":
        compress, iterate = sparse_fc_parts(counts.sum(axis=2), fc_sizes(shape, cores, hardware))
        return float(compress.sum(axis=1).mean()), float(iterate.mean())
    compress_cycles, accumulate_cycles = sparse_conv_busy(counts, conv_sizes(shape, cores, hardware))
    return float(compress_cycles.mean()), float(accumulate_cycles.mean())


def _pipeline_columns(trace: Trace, latency: Latency) -> dict[str, object]:
    counts, unit_size = pipeline_counts(trace), np.array(latency.allocation)
    cycles = latency.cycles.mean()
    # A layer's cycles without any waiting: its spikes, and five or six cycles of handshake a timestep.
    handshakes = np.array([5] + [6] * (len(unit_size) - 1)) * trace.timesteps
    spikes = counts.sum(axis=2).mean(axis=0)
    busy = spikes * spike_cycles(unit_size) + handshakes
    return {
        "layer": [shape.name for shape in trace.shapes],
        "spikes_in": spikes,
        "done_cycles": latency.done.mean(axis=0),
        "drained_cycles": latency.drained.mean(axis=0),
        "share": busy / cycles,
        "bound": np.where(busy == busy.max(), "slowest", "waits"),
        "unit_size": unit_size,
        "utilisation": spikes * unit_size / cycles,
        "floor_cycles": spikes * spike_cycles(np.ones_like(unit_size)) + handshakes,
    }

"""When every engine of the hardware worked on one sample, as a table that can be drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.allocation import allocate, passes
from spikecast.accelerator.hardware import Hardware
from spikecast.accelerator.latency import conv_sizes, fc_sizes, pipeline_counts, time_layer
from spikecast.accelerator.timing import fc_pipeline_samples, sparse_conv_events, sparse_fc_parts
from spikecast.accelerator.timing.fc import HANDOVER, group_cycles
from spikecast.accelerator.trace import Trace
from spikecast.architecture import LayerShape
from spikecast.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

#: Share of an inference that is too short to be seen in a picture of it.
UNSEEN = 1 / 2000
#: Columns of a stretch of work; a pass is the output channels, or neurons, that the cores serve at once.
_PASS, _TIMESTEP, _START, _END = range(4)
#: A layer, one of its engines, and int64[stretches, 4] of its work, counted from the start of the inference.
_Work = tuple[str, str, NDArray[np.int64]]


def timeline(trace: Trace, hardware: Hardware, sample: int, *, gap: float = UNSEEN) -> pd.DataFrame:
    """When every engine worked on one sample: one row per stretch of work, ordered by layer, engine and time.

    Stretches of one engine, pass and timestep that lie closer than ``gap``, a share of the whole inference, become
    one, so that the table stays small; 0 keeps all of them.

    Columns:
        layer: its name.
        engine: ``compressor``, ``accumulator`` or ``sweep`` (over the neurons of a convolution); ``layer`` in mode
            pipeline, from the spikes taken to the spikes handed on, waiting for the next layer included.
        timestep: which the work belongs to, from 0.
        start_cycle, end_cycle: cycles since the start of the inference. In mode layerwise a layer starts in the cycle
            in which the one before is done, as ``Latency.cycles`` adds them up; that one's last sweep may end later.
        busy_cycles: cycles of work between the two; fewer than lie between them where stretches became one.

    Raises:
        InputError: the trace has no such sample, or the hardware cannot run this network.
    """
    import pandas as pd

    if not 0 <= sample < trace.samples:
        raise InputError(f"sample {sample} is not in the trace: use 0 to {trace.samples - 1}")
    # A balanced budget looks at all samples, so cores are allocated before one is taken.
    allocation = allocate(trace, hardware)
    alone = trace.take(slice(sample, sample + 1))
    if hardware.mode == "pipeline":
        cycles, work = _pipeline_work(alone, allocation)
    else:
        cycles, work = _layerwise_work(alone, allocation, hardware)
    tables = [
        pd.DataFrame({"layer": layer, "engine": engine} | _joined(stretches, gap * cycles))
        for layer, engine, stretches in work
    ]
    return pd.concat(tables, ignore_index=True)


def _layerwise_work(trace: Trace, allocation: tuple[int, ...], hardware: Hardware) -> tuple[int, list[_Work]]:
    """Cycles of the only sample, and its work."""
    work: list[_Work] = []
    start = 0
    for shape, counts, cores in zip(trace.shapes, trace.counts, allocation, strict=True):
        engines = _conv_engines if shape.kind == "conv" else _fc_engines
        for engine, stretches in engines(shape, counts[0], cores, hardware):
            stretches[:, _START:] += start
            work.append((shape.name, engine, stretches))
        done, _ = time_layer(shape, counts, cores, hardware)
        start += int(done[0])
    return start, work


def _conv_engines(
    shape: LayerShape, counts: NDArray[np.int64], cores: int, hardware: Hardware
) -> Iterator[tuple[str, NDArray[np.int64]]]:
    events = sparse_conv_events(counts, conv_sizes(shape, cores, hardware))
    for i, engine in enumerate(("compressor", "accumulator", "sweep")):
        start, end = events[..., 2 * i], events[..., 2 * i + 1]
        # What did not happen ends at 0.
        happened = np.nonzero(end)
        passes, timesteps, _ = happened
        yield engine, np.stack([passes, timesteps, start[happened], end[happened]], axis=1)


def _fc_engines(
    shape: LayerShape, counts: NDArray[np.int64], cores: int, hardware: Hardware
) -> Iterator[tuple[str, NDArray[np.int64]]]:
    spikes = counts.sum(axis=1)
    compress, _ = sparse_fc_parts(spikes[np.newaxis], fc_sizes(shape, cores, hardware))
    yield "compressor", _back_to_back(compress, start=0)
    served = np.tile(group_cycles(spikes[np.newaxis]), (passes(shape, cores), 1))
    # The law adds some cycles without saying where: taken between the two parts, so that the work ends at done.
    yield "accumulator", _back_to_back(served, start=int(compress.sum()) + HANDOVER)


def _back_to_back(lengths: NDArray[np.int64], start: int) -> NDArray[np.int64]:
    """Stretches of these lengths, int64[passes, timesteps], one after another."""
    passes, timesteps = np.indices(lengths.shape)
    ends = start + lengths.ravel().cumsum()
    return np.stack([passes.ravel(), timesteps.ravel(), ends - lengths.ravel(), ends], axis=1)


def _pipeline_work(trace: Trace, unit_size: tuple[int, ...]) -> tuple[int, list[_Work]]:
    cycles, phases = fc_pipeline_samples(pipeline_counts(trace), unit_size=unit_size)
    timesteps = np.arange(trace.timesteps)
    work = [
        (shape.name, "layer", np.column_stack([np.zeros_like(timesteps), timesteps, of_layer]))
        for shape, of_layer in zip(trace.shapes, phases[0], strict=True)
    ]
    return int(cycles[0]), work


def _joined(stretches: NDArray[np.int64], gap: float) -> dict[str, NDArray[np.int64]]:
    """As columns of the timeline; neighbors of one pass and timestep closer than ``gap`` cycles are one stretch."""
    before, after = stretches[:-1], stretches[1:]
    apart = (before[:, :_START] != after[:, :_START]).any(axis=1) | (after[:, _START] - before[:, _END] >= gap)
    first, last = np.ones((2, len(stretches)), bool)
    first[1:] = last[:-1] = apart
    return {
        "timestep": stretches[first, _TIMESTEP],
        "start_cycle": stretches[first, _START],
        "end_cycle": stretches[last, _END],
        "busy_cycles": np.add.reduceat(stretches[:, _END] - stretches[:, _START], np.flatnonzero(first)),
    }

"""Many samples through one layer: the compiled loop over samples and timesteps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast._util.compiled import compiled
from spikecast.accelerator.engine.neurons import (
    ALPHA,
    FIRST_ORDER,
    NeuronCode,
    alpha,
    first_order,
    how_many_near,
    neuron_code,
    synaptic,
)
from spikecast.accelerator.engine.plan import Grid, LayerPlan, Row, Scatter, aligned
from spikecast.accelerator.spike_lists import SpikeLists


@dataclass(frozen=True)
class LayerOutput:
    """What a layer did with some samples.

    Attributes:
        spikes: what leaves it, behind its pool.
        counts: int64[samples, timesteps, trace channels], spikes that entered.
        fired: int64[samples], spikes of its neurons in all timesteps, in front of the pool.
        synaptic_operations: int64[samples], additions of a weight other than zero that spikes caused.
        near_threshold: int64[samples], decisions to fire or not that rounding may have made; 0 if not asked for.
        membranes: float32[samples, timesteps, out_channels, height, width] if asked for, else None.
    """

    spikes: SpikeLists
    counts: NDArray[np.int64]
    fired: NDArray[np.int64]
    synaptic_operations: NDArray[np.int64]
    near_threshold: NDArray[np.int64]
    membranes: NDArray[np.float32] | None


def run_layer(
    plan: LayerPlan, inputs: SpikeLists, *, membranes: bool = False, near_threshold: bool = False
) -> LayerOutput:
    """Run all samples through one layer.

    Args:
        plan: the layer.
        inputs: spikes that enter it.
        membranes: keep every neuron's membrane as it decided to fire.
        near_threshold: count decisions that rounding may have made; it takes a tenth more time.
    """
    shape, grid = plan.layer.shape, plan.grid
    samples, timesteps = inputs.samples, inputs.timesteps
    counts = np.zeros((samples, timesteps, shape.trace_channels), np.int64)
    fired, operations, near = np.zeros((3, samples), np.int64)
    record = np.empty((samples if membranes else 0, timesteps, grid.height, grid.width * grid.channels), np.float32)
    positions, starts = _run(
        inputs.positions,
        inputs.starts,
        plan.inputs,
        plan.returning,
        grid,
        plan.row,
        neuron_code(plan.layer.neuron),
        aligned(np.zeros(grid.size, np.float32 if plan.layer.scale is None else np.int32)),
        counts,
        fired,
        operations,
        near,
        near_threshold,
        record,
    )
    kept = record.reshape(-1, timesteps, grid.height, grid.width, grid.channels).transpose(0, 1, 4, 2, 3)
    return LayerOutput(SpikeLists(positions, starts), counts, fired, operations, near, kept if membranes else None)


@compiled
def _run(
    positions: NDArray[np.int32],
    starts: NDArray[np.int64],
    inputs: Scatter,
    returning: Scatter,
    grid: Grid,
    row: Row,
    neuron: NeuronCode,
    sums: NDArray[np.float32],
    counts: NDArray[np.int64],
    fired: NDArray[np.int64],
    operations: NDArray[np.int64],
    near: NDArray[np.int64],
    count_near: bool,
    record: NDArray[np.float32],
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    samples, timesteps = len(starts), starts.shape[1] - 1
    recurrent = len(returning.source) > 0
    pool, rows_out, columns_out = grid.pool, grid.height // grid.pool, grid.width // grid.pool
    row_size, row_size_out = grid.width * grid.channels, columns_out * grid.channels
    returned = np.zeros(grid.size if recurrent else 0, np.float32)
    own = np.empty(grid.height * row_size + 8 if recurrent else 0, np.int32)
    membrane = np.empty((grid.height, row_size), np.float32)
    trace = np.empty((grid.height if neuron.family != FIRST_ORDER else 0, row_size), np.float32)
    second_trace = np.empty((grid.height if neuron.family == ALPHA else 0, row_size), np.float32)
    # A byte a neuron, seen as words of eight where that is faster: most words of a sparse network are 0.
    fired_words, pooled_words = np.zeros(-(-row_size // 8), np.uint64), np.zeros(-(-row_size // 8), np.uint64)
    row_fired, pooled = fired_words.view(np.uint8)[:row_size], pooled_words.view(np.uint8)[:row_size]
    out_words = np.zeros(-(-row_size_out // 8), np.uint64)
    scratch = np.empty(timesteps * rows_out * row_size_out + 8, np.int32)
    out = np.empty(scratch.size, np.int32)
    out_starts = np.zeros((samples, timesteps + 1), np.int64)
    total = 0
    for sample in range(samples):
        membrane[:] = 0
        trace[:] = 0
        second_trace[:] = 0
        own_count = 0
        listed = 0
        out_starts[sample, 0] = total
        for t in range(timesteps):
            arriving = positions[starts[sample, t] : starts[sample, t + 1]]
            operations[sample] += _count(arriving, inputs, counts[sample, t])
            _scatter(arriving, inputs, grid.pitch, sums)
            if recurrent:
                operations[sample] += _count(own[:own_count], returning, counts[sample, t])
                _scatter(own[:own_count], returning, grid.pitch, returned)
                own_count = 0
            for y in range(grid.height):
                first = grid.origin + y * grid.pitch
                row_sums = sums[first : first + row_size]
                if neuron.family == FIRST_ORDER:
                    row_returned = returned[first : first + row_size] if recurrent else returned
                    first_order(neuron, row, row_sums, row_returned, membrane[y], row_fired)
                elif neuron.family == ALPHA:
                    alpha(neuron, row, row_sums, trace[y], second_trace[y], membrane[y], row_fired)
                else:
                    synaptic(neuron, row, row_sums, trace[y], membrane[y], row_fired)
                fired[sample] += _how_many(row_fired)
                if count_near:
                    near[sample] += how_many_near(neuron, membrane[y])
                if recurrent:
                    own_count = _list_fired(fired_words, y * row_size, own, own_count)
                if pool == 1:
                    listed = _list_fired(fired_words, y * row_size, scratch, listed)
                elif y < rows_out * pool:
                    for word in range(len(pooled_words)):
                        pooled_words[word] |= fired_words[word]
                    if y % pool == pool - 1:
                        if grid.channels % 8 == 0:
                            _or_columns(pooled_words, pool, columns_out, grid.channels // 8, out_words)
                        else:
                            _or_columns(pooled, pool, columns_out, grid.channels, out_words.view(np.uint8))
                        listed = _list_fired(out_words, y // pool * row_size_out, scratch, listed)
                        pooled_words[:] = 0
            if len(record):
                record[sample, t] = membrane
            out_starts[sample, t + 1] = total + listed
        if total + listed > out.size:
            larger = np.empty(2 * (total + listed), np.int32)
            larger[:total] = out[:total]
            out = larger
        out[total : total + listed] = scratch[:listed]
        total += listed
    return out[:total].copy(), out_starts


@compiled
def _count(positions: NDArray[np.int32], synapses: Scatter, counts: NDArray[np.int64]) -> int:
    """Count spikes into their channels; returns how many synapses they reach."""
    reached = 0
    for position in positions:
        counts[synapses.channel[position]] += 1
        reached += synapses.fan_out[position]
    return reached


@compiled
def _scatter(positions: NDArray[np.int32], synapses: Scatter, pitch: int, sums: NDArray[np.float32]) -> None:
    """Add the weights that each spike reaches, in order; up to four spikes of one pixel share the way to memory."""
    weights, source, target = synapses.weights, synapses.source, synapses.target
    rows, run = weights.shape[1], weights.shape[2]
    count = len(positions)
    i = 0
    while i < count:
        first = target[positions[i]]
        together = 1
        while together < 4 and i + together < count and target[positions[i + together]] == first:
            together += 1
        a = source[positions[i]]
        if together == 4:
            b, c, d = source[positions[i + 1]], source[positions[i + 2]], source[positions[i + 3]]
            for row in range(rows):
                reached = sums[first + row * pitch : first + row * pitch + run]
                of_a, of_b, of_c, of_d = weights[a, row], weights[b, row], weights[c, row], weights[d, row]
                for j in range(run):
                    reached[j] = reached[j] + of_a[j] + of_b[j] + of_c[j] + of_d[j]
            i += 4
        elif together > 1:
            b = source[positions[i + 1]]
            for row in range(rows):
                reached = sums[first + row * pitch : first + row * pitch + run]
                of_a, of_b = weights[a, row], weights[b, row]
                for j in range(run):
                    reached[j] = reached[j] + of_a[j] + of_b[j]
            i += 2
        else:
            for row in range(rows):
                reached = sums[first + row * pitch : first + row * pitch + run]
                of_a = weights[a, row]
                for j in range(run):
                    reached[j] += of_a[j]
            i += 1


@compiled
def _how_many(fired: NDArray[np.uint8]) -> int:
    count = np.int32(0)  # a wider counter would be summed in narrower vectors
    for spike in fired:
        count += np.int32(spike)
    return int(count)


@compiled
def _list_fired(fired: NDArray[np.uint64], offset: int, out: NDArray[np.int32], listed: int) -> int:
    """Append the positions of the bytes that are 1, counted from ``offset``, to ``out``; returns its new length."""
    for word in range(len(fired)):
        bytes_of_word = fired[word]
        if bytes_of_word:
            for byte in range(8):
                # Written always, kept only if it fired: a branch here would be guessed wrong too often.
                out[listed] = offset + 8 * word + byte
                listed += int((bytes_of_word >> np.uint64(8 * byte)) & np.uint64(1))
    return listed


@compiled
def _or_columns(fired: NDArray[Any], pool: int, columns: int, channels: int, out: NDArray[Any]) -> None:
    """OR over ``pool`` neighboring columns; a channel is an element, of bytes or of words of eight channels."""
    for column in range(columns):
        for channel in range(channels):
            first = column * pool * channels + channel
            any_fired = fired[first]
            for step in range(1, pool):
                any_fired |= fired[first + step * channels]
            out[column * channels + channel] = any_fired

"""The traces of a row, and checks of them.

- all layers of a row have a trace, each of the size that its layer has
- the timing laws give the recorded cycles again, cycle for cycle
- the samples that were traced are a part of those evaluated
- networks that saw the same recordings received the same spikes
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast.accelerator.hardware import BalancedCores, Hardware
from spikecast.accelerator.latency import time_trace
from spikecast.accelerator.trace import Trace
from spikecast.architecture import LayerShape
from spikecast.data_check.finding import Spot
from spikecast.data_check.numbers import above_percentile, inference_cycles
from spikecast.data_check.rows import Record
from spikecast.errors import InputError
from spikecast.rows import STATUSES


@dataclass(frozen=True)
class MeasuredTrace:
    """What is kept of one network's samples.

    Attributes:
        record: the network's row.
        samples: int64[samples], positions in the evaluation part.
        counts: per layer int64[samples, timesteps, trace channels], spikes that enter.
        done: int64[samples, layers], cycles as recorded.
    """

    record: Record
    samples: NDArray[np.int64]
    counts: tuple[NDArray[np.int64], ...]
    done: NDArray[np.int64]


def read_measured_traces(records: Iterable[Record], traces: pd.DataFrame) -> tuple[list[MeasuredTrace], list[Spot]]:
    """The traces that are whole, and what is wrong with the others."""
    by_key: dict[str, list[dict[Any, Any]]] = defaultdict(list)
    for trace in traces.to_dict("records"):
        by_key[trace["key"]].append(trace)
    whole, spots = [], []
    for record in records:
        if record.status in STATUSES:
            found = list(_wrong(record, by_key[record.key]))
            spots += found
            if record.simulated and not found:
                whole.append(_measured(record, {trace["layer"]: trace for trace in by_key[record.key]}))
    return whole, spots


def _wrong(record: Record, traces: list[dict[Any, Any]]) -> Iterator[Spot]:
    there = [trace["layer"] for trace in traces]
    if not record.simulated:
        if there:
            yield Spot(f"{record.status} rows must have no trace", record.key, ", ".join(there))
        return
    shapes = {shape.name: (index, shape) for index, shape in enumerate(record.layers)}
    if missing := [name for name in shapes if name not in there]:
        yield Spot(f"{record.status} rows must have a trace of every layer", record.key, f"no {', '.join(missing)}")
    for trace in traces:
        if trace["layer"] in shapes:
            yield from _wrong_sizes(record, trace, *shapes[trace["layer"]])
            if not np.array_equal(trace["samples"], traces[0]["samples"]):
                yield Spot("traces of a row must be of the same samples", record.key, str(trace["layer"]))
        else:
            yield Spot("traces must be of layers that the network has", record.key, str(trace["layer"]))


def _wrong_sizes(record: Record, trace: dict[Any, Any], index: int, shape: LayerShape) -> Iterator[Spot]:
    samples, timesteps, channels = len(trace["samples"]), record.choices.timesteps, shape.trace_channels
    sizes = {
        "layer_index": (trace["layer_index"], index),
        "timesteps": (trace["timesteps"], timesteps),
        "channels": (trace["channels"], channels),
        "length of counts": (len(trace["counts"]), samples * timesteps * channels),
        "length of done_cycles": (len(trace["done_cycles"]), samples),
    }
    for name, (recorded, expected) in sizes.items():
        if recorded != expected:
            yield Spot(f"{name} of traces must fit the layer", record.key, f"{shape.name}: {recorded}, not {expected}")
    evaluated = record.values["evaluated_samples"]
    if not samples or trace["samples"].min() < 0 or (record.complete and trace["samples"].max() >= evaluated):
        listed = ", ".join(map(str, trace["samples"])) or "none"
        yield Spot("samples of traces must be some of those evaluated", record.key, f"{shape.name}: {listed}")


def _measured(record: Record, traces: dict[str, dict[Any, Any]]) -> MeasuredTrace:
    in_order = [(shape, traces[shape.name]) for shape in record.layers]
    counts = tuple(
        np.asarray(trace["counts"], np.int64).reshape(-1, record.choices.timesteps, shape.trace_channels)
        for shape, trace in in_order
    )
    done = np.stack([np.asarray(trace["done_cycles"], np.int64) for _, trace in in_order], axis=1)
    return MeasuredTrace(record, np.asarray(in_order[0][1]["samples"], np.int64), counts, done)


#: Networks timed in one go: enough to make Python's share small, few enough to need no memory to speak of.
_BATCH = 64


def retime(traces: Iterable[MeasuredTrace], hardware: Mapping[str, Hardware]) -> tuple[int, list[Spot]]:
    """How many samples were timed again, and the rows whose counts are impossible or take other cycles.

    Networks of equal layers on equal hardware are timed together. A budget of cores that is balanced over all
    evaluated samples cannot be shared out again from those that were kept: such rows are not timed.
    """
    alike: dict[tuple[str, tuple[LayerShape, ...], int], list[MeasuredTrace]] = defaultdict(list)
    for trace in traces:
        alike[str(trace.record.values["hardware_description"]), trace.record.layers, trace.counts[0].shape[1]].append(
            trace
        )
    timed, spots = 0, []
    for (description, layers, _), group in alike.items():
        target = hardware.get(description)
        if target is None or isinstance(target.cores, BalancedCores):
            continue
        for start in range(0, len(group), _BATCH):
            possible, impossible = _possible(layers, group[start : start + _BATCH])
            timed += sum(len(trace.samples) for trace in possible)
            spots += [*impossible, *_mistimed(layers, possible, target)]
    return timed, spots


def _possible(
    layers: tuple[LayerShape, ...], group: Sequence[MeasuredTrace]
) -> tuple[Sequence[MeasuredTrace], list[Spot]]:
    """Those whose counts can occur; they are looked at one by one only where some cannot."""
    try:
        _join(layers, group)
    except InputError as error:
        if len(group) == 1:
            return [], [Spot("counts must be possible", group[0].record.key, str(error))]
        single = [_possible(layers, [trace]) for trace in group]
        return [trace for possible, _ in single for trace in possible], [spot for _, spots in single for spot in spots]
    return group, []


def _join(layers: tuple[LayerShape, ...], group: Sequence[MeasuredTrace]) -> Trace:
    """The samples of several networks, as if of one: cycles depend on the counts alone."""
    return Trace(layers, tuple(np.concatenate(counts) for counts in zip(*(t.counts for t in group), strict=True)))


def _mistimed(layers: tuple[LayerShape, ...], group: Sequence[MeasuredTrace], hardware: Hardware) -> Iterator[Spot]:
    if not group:
        return
    try:
        done = time_trace(_join(layers, group), hardware).done
    except InputError as error:
        for trace in group:
            yield Spot("hardware must be able to run the network", trace.record.key, str(error))
        return
    ends = np.cumsum([len(trace.samples) for trace in group])[:-1]
    for trace, expected in zip(group, np.split(done, ends), strict=True):
        if not np.array_equal(trace.done, expected):
            sample, layer = np.argwhere(trace.done != expected)[0]
            yield Spot(
                "done_cycles must be those of the counts on the row's hardware",
                trace.record.key,
                f"{layers[layer].name}, sample {trace.samples[sample]}: "
                f"{trace.done[sample, layer]}, not {expected[sample, layer]}",
            )


def traced_part(traces: Iterable[MeasuredTrace], hardware: Mapping[str, Hardware]) -> Iterator[Spot]:
    """Their spikes and cycles are no more than those of all, their shortest inferences within the 95th percentile."""
    for trace in traces:
        if trace.record.complete:
            yield from _totals(trace)
            target = hardware.get(str(trace.record.values["hardware_description"]))
            if target is not None:
                yield from _percentile(trace, target)


def _totals(trace: MeasuredTrace) -> Iterator[Spot]:
    record, once = trace.record, _once(trace)
    parts = {
        "spikes_in": np.stack([counts[once].sum() for counts in trace.counts]),
        "latency_cycles": trace.done[once].sum(axis=0),
    }
    for measure, of_layers in parts.items():
        most = np.rint(np.multiply(record.of_layers(measure), record.values["evaluated_samples"]))
        for layer in np.flatnonzero(of_layers > most):
            name = f"{measure}_{record.layers[layer].name}"
            yield Spot(
                f"{name} of all samples together must be that of the traced ones or more",
                record.key,
                f"{most[layer]:.0f} of all, {of_layers[layer]} of the traced",
            )


def _percentile(trace: MeasuredTrace, hardware: Hardware) -> Iterator[Spot]:
    cycles = np.sort(inference_cycles(trace.done[_once(trace)], hardware))
    # Of the traced samples, all but those that may lie above the percentile lie at or below it.
    below = len(cycles) - above_percentile(int(trace.record.values["evaluated_samples"]))
    percentile = trace.record.values["latency_cycles_p95"]
    if below > 0 and percentile < cycles[below - 1]:
        yield Spot(
            "latency_cycles_p95 must be possible with the traced samples",
            trace.record.key,
            f"{percentile:g}, {cycles[below - 1]:g} at least",
        )


def _once(trace: MeasuredTrace) -> NDArray[np.int64]:
    """Where each traced sample is first: a small evaluation part has some twice."""
    _, first = np.unique(trace.samples, return_index=True)
    return first


def inputs(traces: Iterable[MeasuredTrace]) -> Iterator[Spot]:
    """The first layer's counts are equal in all rows of equal data set, timesteps, input size and samples.

    Where they are not, the rarest are wrong. Spikes of the layer's own that come back to it are left out.
    """
    alike: dict[tuple[str, int, int, bytes], list[MeasuredTrace]] = defaultdict(list)
    for trace in traces:
        choices = trace.record.choices
        alike[choices.dataset, choices.timesteps, choices.input_size, trace.samples.tobytes()].append(trace)
    for group in alike.values():
        counts = [trace.counts[0][:, :, : trace.record.layers[0].in_channels].tobytes() for trace in group]
        ((usual, _),) = Counter(counts).most_common(1)
        for trace, own in zip(group, counts, strict=True):
            if own != usual:
                choices = trace.record.choices
                yield Spot(
                    "input spikes must be equal in rows of equal data set, timesteps, input_size and samples",
                    trace.record.key,
                    f"unlike most on {choices.dataset}, {choices.timesteps} timesteps, {choices.input_size} pixels",
                )

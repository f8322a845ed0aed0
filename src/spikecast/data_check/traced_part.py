"""Check: the samples that were traced are a part of those evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.hardware import Hardware
from spikecast.data_check.finding import Spot
from spikecast.data_check.measured_trace import MeasuredTrace
from spikecast.data_check.totals import above_percentile, inference_cycles


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

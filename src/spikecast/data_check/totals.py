"""Check: means, parts and totals of a row agree."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikecast.accelerator.hardware import Hardware
from spikecast.data_check.finding import Spot
from spikecast.data_check.record import Record

#: Relative error of a mean of whole numbers in floating point, and some room.
_ROUNDING = 1e-12
_PERCENTILE = 0.95


def totals(records: Iterable[Record], hardware: Mapping[str, Hardware]) -> Iterator[Spot]:
    """Means are of whole numbers; layers add up; the 95th percentile is within what the mean allows."""
    for record in records:
        if record.complete:
            yield from _means(record)
            yield from _sparsity(record)
            yield from _latency(record, hardware.get(str(record.values["hardware_description"])))


def inference_cycles(done: ArrayLike, hardware: Hardware) -> NDArray[np.float64]:
    """Cycles of an inference from the done cycles of its layers, on the last axis."""
    of_layers = np.asarray(done, dtype=np.float64)
    # A pipeline's last layer is done with its last timestep one cycle before the pipeline ends.
    cycles: NDArray[np.float64] = of_layers.sum(axis=-1) if hardware.mode == "layerwise" else of_layers[..., -1] + 1
    return cycles


def above_percentile(samples: int) -> int:
    """The most samples whose cycles lie above the 95th percentile of all."""
    return samples - 1 - math.floor(_PERCENTILE * (samples - 1))


def _means(record: Record) -> Iterator[Spot]:
    samples = record.values["evaluated_samples"]
    counted = [f"{measure}_{shape.name}" for measure in ("spikes_in", "latency_cycles") for shape in record.layers]
    for name in ("accuracy", "latency_cycles", *counted):
        total = record.values[name] * samples
        if not math.isclose(total, round(total), rel_tol=_ROUNDING, abs_tol=_ROUNDING * samples):
            yield Spot(
                f"{name} times evaluated_samples must be a whole number",
                record.key,
                f"{record.values[name]} times {samples:g}",
            )


def _sparsity(record: Record) -> Iterator[Spot]:
    neurons = [shape.neurons for shape in record.layers]
    mean = float(np.average(record.of_layers("sparsity"), weights=neurons))
    if not math.isclose(record.values["sparsity"], mean, abs_tol=1e-9):
        yield Spot(
            "sparsity must be the layers' mean, weighted with their neurons",
            record.key,
            f"{record.values['sparsity']}, not {mean}",
        )


def _latency(record: Record, hardware: Hardware | None) -> Iterator[Spot]:
    mean, percentile, samples = (
        record.values[name] for name in ("latency_cycles", "latency_cycles_p95", "evaluated_samples")
    )
    if hardware is not None:
        expected = float(inference_cycles(record.of_layers("latency_cycles"), hardware))
        if not math.isclose(mean, expected, rel_tol=1e-9):
            yield Spot("latency_cycles must be that of the layers together", record.key, f"{mean}, not {expected}")
    # Between two samples the percentile is below the upper one, and so below all above it.
    largest = mean * samples / (samples - math.ceil(_PERCENTILE * (samples - 1)))
    if percentile > largest * (1 + _ROUNDING):
        yield Spot(
            "latency_cycles_p95 must be possible with the mean", record.key, f"{percentile:g}, {largest:g} at most"
        )

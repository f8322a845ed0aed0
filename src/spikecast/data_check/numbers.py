"""Checks of numbers: a row has those of its status; means, parts and totals agree; accuracies are shares of classes."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikecast.accelerator.hardware import Hardware
from spikecast.data_check.finding import Spot
from spikecast.data_check.rows import Record
from spikecast.rows import STATUSES

#: Relative error of a mean of whole numbers in floating point, and some room.
_ROUNDING = 1e-12
_PERCENTILE = 0.95


def statuses(records: Iterable[Record]) -> Iterator[Spot]:
    """Simulated networks have all numbers, others none; failed ones alone have an error; silent ones never fire."""
    for record in records:
        if record.status not in STATUSES:
            yield Spot(f"status must be one of {', '.join(STATUSES)}", record.key, record.status)
            continue
        yield from _numbers(record)
        yield from _error(record)
        yield from _silence(record)


def _numbers(record: Record) -> Iterator[Spot]:
    if record.simulated:
        for name in record.lacking:
            yield Spot(f"{record.status} rows must have a finite number in {name}", record.key, _value(record, name))
    else:
        trained = ["train_seconds", "kept_epoch"] if record.status == "failed" else []
        for name in [*record.measured_columns, *trained]:
            if record.has(name):
                yield Spot(f"{record.status} rows must have no {name}", record.key, _value(record, name))
    if record.status != "failed" and not math.isfinite(record.values["train_seconds"]):
        name = "train_seconds"
        yield Spot(f"{record.status} rows must have a finite number in {name}", record.key, _value(record, name))


def _error(record: Record) -> Iterator[Spot]:
    error = record.values["error"] if record.has("error") else ""
    if record.status == "failed" and not error:
        yield Spot("failed rows must have an error", record.key, "none")
    if record.status != "failed" and error:
        yield Spot("only failed rows may have an error", record.key, f"{record.status}: {error}")


def _silence(record: Record) -> Iterator[Spot]:
    column = f"sparsity_{record.layers[-1].name}"
    if not record.simulated or not record.has(column):
        return
    sparsity = record.values[column]
    if (sparsity == 1) != (record.status == "silent"):
        yield Spot(
            "rows must be silent where the last layer never fires, and only there",
            record.key,
            f"{record.status}, {column} {sparsity:g}",
        )


def _value(record: Record, name: str) -> str:
    return f"{record.values[name]:g}" if record.has(name) else "none"


def totals(records: Iterable[Record], hardware: Mapping[str, Hardware]) -> Iterator[Spot]:
    """Means are of whole numbers; layers add up; the 95th percentile is within what the mean allows."""
    for record in records:
        if record.complete:
            yield from _means(record)
            yield from _sparsity(record)
            yield from _latency(record, hardware.get(str(record.values["hardware_description"])))


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


def inference_cycles(done: ArrayLike, hardware: Hardware) -> NDArray[np.float64]:
    """Cycles of an inference from the done cycles of its layers, on the last axis."""
    of_layers = np.asarray(done, dtype=np.float64)
    # A pipeline's last layer is done with its last timestep one cycle before the pipeline ends.
    cycles: NDArray[np.float64] = of_layers.sum(axis=-1) if hardware.mode == "layerwise" else of_layers[..., -1] + 1
    return cycles


def above_percentile(samples: int) -> int:
    """The most samples whose cycles lie above the 95th percentile of all."""
    return samples - 1 - math.floor(_PERCENTILE * (samples - 1))


def one_class(records: Iterable[Record]) -> Iterator[Spot]:
    """Silent networks answer the first class, collapsed ones any.

    So on the same samples silent ones agree in their accuracy, and the different accuracies of both are shares of
    different classes: no more of them than classes, together 1 at most. Where they are not, the rarest are wrong.
    """
    alike: dict[tuple[str, int], list[Record]] = defaultdict(list)
    for record in records:
        if record.complete and record.status in ("silent", "collapsed"):
            alike[record.choices.dataset, int(record.values["evaluated_samples"])].append(record)
    for (_, samples), group in alike.items():
        silent = [record for record in group if record.status == "silent"]
        frequent = _by_frequency(silent, samples)[:1]
        yield from _others("silent rows must be equally accurate on equal samples", silent, frequent, samples)
        collapsed = [record for record in group if record.status == "collapsed"]
        shares = list(frequent)
        for right in _by_frequency(collapsed, samples):
            fits = len(shares) < collapsed[0].choices.dataset_info.classes and sum(shares) + right <= samples
            if right not in shares and fits:
                shares.append(right)
        yield from _others(
            "collapsed rows must be as accurate as one class is frequent: shares of classes add up to 1 at most",
            collapsed,
            shares,
            samples,
        )


def _right(record: Record, samples: int) -> int:
    """Samples that the network answers right."""
    return round(float(record.values["accuracy"]) * samples)


def _by_frequency(group: list[Record], samples: int) -> list[int]:
    return [right for right, _ in Counter(_right(record, samples) for record in group).most_common()]


def _others(problem: str, group: list[Record], allowed: list[int], samples: int) -> Iterator[Spot]:
    for record in group:
        if _right(record, samples) not in allowed:
            listed = ", ".join(f"{right / samples:.4f}" for right in sorted(allowed))
            yield Spot(problem, record.key, f"{record.values['accuracy']:.4f}; the others: {listed}")

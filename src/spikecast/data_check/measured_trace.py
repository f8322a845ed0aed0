"""The traces of a row: all of its layers, each of the size that its layer has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast.architecture import LayerShape
from spikecast.data_check.finding import Spot
from spikecast.data_check.record import Record
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

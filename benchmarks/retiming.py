"""Part c: stored traces timed on another allocation of cores, without training or simulating again."""

from __future__ import annotations

from functools import partial

import numpy as np
from measuring import Settings, Tables, interleaved, spread
from networks import DATA, standard_rows

from spikecast.accelerator import Hardware, Trace, load_hardware, time_trace
from spikecast.rows import choices_of, read_traces, trace_of


def tables(settings: Settings) -> Tables:
    trace = _stored_trace(8 if settings.quick else None)
    hardware = _hardware()
    seconds = interleaved({one.name: partial(time_trace, trace, one) for one in hardware}, settings.rounds)
    return {
        "c. Stored csnn-s traces timed on an allocation, one thread": [
            {
                "hardware": one.name,
                "cores of the layers": ", ".join(map(str, time_trace(trace, one).allocation)),
                "samples": trace.samples,
                "samples/s": spread(trace.samples / seconds[one.name]),
                "us a sample": spread(seconds[one.name] / trace.samples * 1e6),
                "cycles, median": float(np.median(time_trace(trace, one).cycles)),
            }
            for one in hardware
        ]
    }


def _hardware() -> list[Hardware]:
    sparse_core = load_hardware("sparse-core")
    return [
        sparse_core,
        load_hardware("pulse-small"),
        sparse_core.model_copy(update={"name": "one core a layer", "cores": 1}),
    ]


def _stored_trace(configurations: int | None) -> Trace:
    """The shipped traces of csnn-s (of the first configurations only) as one."""
    rows, stored = standard_rows(), read_traces(DATA)
    traced = rows[rows["key"].isin(stored["key"])].head(configurations or len(rows))
    traces = [trace_of(stored, choices_of(row)) for row in traced.to_dict("records")]
    counts = tuple(np.concatenate(layer) for layer in zip(*(trace.counts for trace in traces), strict=True))
    return Trace(traces[0].shapes, counts)

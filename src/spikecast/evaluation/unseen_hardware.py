"""Allocations that no row was timed on: a predictor must know their cycles from the spikes alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from spikecast.accelerator.hardware import Hardware
from spikecast.accelerator.latency import time_trace
from spikecast.errors import InputError
from spikecast.predictor.fit.judge import judged, scores_of
from spikecast.predictor.parts import Parts
from spikecast.predictor.targets import TARGETS
from spikecast.rows import choices_of, trace_of

#: What changes of the fitted hardware, by name.
ALLOCATIONS: dict[str, dict[str, Any]] = {
    "1 core a layer": {"cores": 1},
    "8 cores a layer": {"cores": 8},
    "balanced over 32 cores": {"cores": {"balanced": 32}},
    "balanced over 128 cores": {"cores": {"balanced": 128}},
    "4 cores a convolution, 16 a dense layer": {"cores": {"conv": 4, "fc": 16}},
}


def unseen_hardware(
    parts: Parts, hardware: Hardware, rows: pd.DataFrame, traces: pd.DataFrame
) -> dict[str, dict[str, Any]]:
    """By allocation: the latency's scores, measured cycles being those of the measured traces; without those that
    cannot run one of the networks, and empty for a pipeline, which has no cores to allocate."""
    if hardware.mode == "pipeline":
        return {}
    ok = rows[rows["status"] == "ok"].reset_index(drop=True)
    of_rows = [trace_of(traces, choices_of(row)) for row in ok.to_dict("records")]
    found = {}
    for name, change in ALLOCATIONS.items():
        told = {"name": name, "provenance": {**hardware.provenance, "cores": name}}
        changed = Hardware.model_validate(hardware.model_dump() | change | told)
        try:
            cycles = np.array([time_trace(trace, changed).cycles.mean() for trace in of_rows])
        except InputError:
            continue
        one = judged(parts, ok.assign(latency_cycles=cycles), changed)
        found[name] = scores_of(one, TARGETS["latency_cycles"])
    return found

"""Part e: a fit of all shipped rows, in two processes."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from measuring import Settings, Tables
from networks import DATA

from spikecast.predictor.fit import fit
from spikecast.rows import read_rows

_JOBS = 2


def tables(_settings: Settings) -> Tables:
    stages: list[tuple[str, float]] = []
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        fit(DATA, Path(folder) / "model", _JOBS, progress=lambda stage: stages.append((stage, time.perf_counter())))
    end = time.perf_counter()
    ends = [began for _, began in stages[1:]] + [end]
    rows = [{"stage": stage, "s": ended - began} for (stage, began), ended in zip(stages, ends, strict=True)]
    title = f"e. A fit of {len(read_rows(DATA)):,} rows in {_JOBS} processes, once"
    return {title: [*rows, {"stage": "all", "s": end - start}]}

"""Many samples in a few numbers, as reports print them and ``--json`` gives them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.energy import energy_of
from spikecast.accelerator.hardware import Hardware
from spikecast.accelerator.latency import Latency
from spikecast.accelerator.report import layer_report
from spikecast.accelerator.trace import Trace


def spread(values: NDArray[Any]) -> dict[str, float]:
    """mean, p50, p95 and max over samples."""
    return {
        "mean": float(values.mean()),
        "p50": float(np.percentile(values, 50)),
        "p95": float(np.percentile(values, 95)),
        "max": float(values.max()),
    }


def summarise(trace: Trace, latency: Latency, hardware: Hardware) -> dict[str, Any]:
    """Latency, energy and layers of a timed trace as plain values.

    Keys: hardware, samples, timesteps, weight_bits, timing (``exact`` or ``generalised``) with its reasons,
    latency_cycles and latency_us (mean, p50, p95, max), energy_nj (the same; an estimate) with the mean of its parts,
    both None without an energy table, and layers, a list of ``layer_report``'s rows.
    """
    energy = energy_of(trace, latency, hardware)
    known = energy.table is not None
    return {
        "hardware": hardware.name,
        "samples": trace.samples,
        "timesteps": trace.timesteps,
        "weight_bits": trace.weight_bits,
        "timing": latency.timing,
        "timing_reasons": list(latency.generalised),
        "latency_cycles": spread(latency.cycles),
        "latency_us": spread(hardware.microseconds(latency.cycles)),
        "energy_nj": spread(energy.total_nj) if known else None,
        "energy_parts_nj": {part: float(nj.mean()) for part, nj in energy.parts_nj.items()} if known else None,
        "layers": layer_report(trace, latency, hardware).to_dict("records"),
    }

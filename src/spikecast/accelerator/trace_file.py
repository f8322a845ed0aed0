"""Traces on disk: re-timed on any hardware without the network that made them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.npz_file import damage_refused, read_npz, write_npz
from spikecast.accelerator.trace import Trace
from spikecast.architecture import LayerShape
from spikecast.errors import InputError

KIND = "trace"


def save_trace(trace: Trace, path: Path) -> None:
    """Write a trace.

    Raises:
        InputError: the file cannot be written there.
    """
    description = {"weight_bits": trace.weight_bits, "layers": [asdict(shape) for shape in trace.shapes]}
    counts = {f"counts.{i}": counts.astype(np.int32) for i, counts in enumerate(trace.counts)}
    write_npz(path, KIND, description, counts)


def load_trace(path: str | Path) -> Trace:
    """Read a trace.

    Raises:
        InputError: the file is missing, damaged, or no trace.
    """
    return trace_from(Path(path), *read_npz(Path(path)))


def trace_from(path: Path, description: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Trace:
    """The trace in what was read from ``path``.

    Raises:
        InputError: it holds something else, or impossible counts.
    """
    if description["kind"] != KIND:
        raise InputError(f"{path} holds a {description['kind']}, not a trace: make one with simulate --save-trace")
    with damage_refused(path, KIND):
        shapes = tuple(read_shape(layer) for layer in description["layers"])
        counts = tuple(arrays[f"counts.{i}"].astype(np.int64) for i in range(len(shapes)))
        return Trace(shapes, counts, int(description["weight_bits"]))


def read_shape(fields: dict[str, Any]) -> LayerShape:
    """A layer's shape from JSON."""
    return LayerShape(**{**fields, "in_size": tuple(fields["in_size"])})

"""Networks and traces on disk: npz files of arrays beside a JSON description, written whole.

They are read without running anything and without torch. A network is a checkpoint of spikecast; a trace can be timed
again on any hardware without the network that made it.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast._util.files import whole_file
from spikecast.accelerator.network import Layer, Network, Neuron, Recurrent
from spikecast.accelerator.trace import Trace
from spikecast.architecture import LayerShape
from spikecast.errors import InputError

FORMAT = 1
#: What a file holds, as its description says.
NETWORK = "network"
TRACE = "trace"
_DESCRIPTION = "description"


def save_network(network: Network, path: Path, choices: dict[str, Any] | None = None) -> None:
    """Write a network, and the training choices that it came from if they are known.

    Raises:
        InputError: the file cannot be written there.
    """
    layers: list[dict[str, Any]] = []
    arrays: dict[str, NDArray[Any]] = {}
    for i, layer in enumerate(network.layers):
        neuron = asdict(layer.neuron)
        if not layer.neuron.fires_at_threshold:
            del neuron["fires_at_threshold"]  # older releases do not know it
        layers.append({"shape": asdict(layer.shape), "neuron": neuron})
        held: dict[str, NDArray[Any] | None] = {
            "weights": layer.weights,
            "bias": layer.bias,
            "scale": layer.scale,
        }
        if layer.recurrent is not None:
            held |= {"recurrent_weights": layer.recurrent.weights, "recurrent_bias": layer.recurrent.bias}
        arrays |= {f"{name}.{i}": array for name, array in held.items() if array is not None}
    write_npz(path, NETWORK, {"weight_bits": network.weight_bits, "choices": choices, "layers": layers}, arrays)


def load_network(path: str | Path) -> Network:
    """Read a network.

    Raises:
        InputError: the file is missing, damaged, or no network.
    """
    return network_from(Path(path), *read_npz(Path(path)))


def network_from(path: Path, description: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Network:
    """The network in what was read from ``path``.

    Raises:
        InputError: it holds something else, or parts that do not fit.
    """
    if description["kind"] != NETWORK:
        raise InputError(f"{path} holds a {description['kind']}, not a network")
    with damage_refused(path, NETWORK):
        layers = tuple(_layer(fields, arrays, i) for i, fields in enumerate(description["layers"]))
        return Network(layers, int(description["weight_bits"]))


def _layer(fields: dict[str, Any], arrays: dict[str, NDArray[Any]], i: int) -> Layer:
    shape = read_shape(fields["shape"])
    return Layer(
        shape=shape,
        weights=arrays[f"weights.{i}"],
        bias=arrays[f"bias.{i}"],
        neuron=Neuron(**fields["neuron"]),
        scale=arrays.get(f"scale.{i}"),
        recurrent=Recurrent(arrays[f"recurrent_weights.{i}"], arrays[f"recurrent_bias.{i}"])
        if shape.recurrent
        else None,
    )


def save_trace(trace: Trace, path: Path) -> None:
    """Write a trace.

    Raises:
        InputError: the file cannot be written there.
    """
    description = {"weight_bits": trace.weight_bits, "layers": [asdict(shape) for shape in trace.shapes]}
    counts = {f"counts.{i}": counts.astype(np.int32) for i, counts in enumerate(trace.counts)}
    write_npz(path, TRACE, description, counts)


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
    if description["kind"] != TRACE:
        raise InputError(f"{path} holds a {description['kind']}, not a trace: make one with simulate --save-trace")
    with damage_refused(path, TRACE):
        shapes = tuple(read_shape(layer) for layer in description["layers"])
        counts = tuple(arrays[f"counts.{i}"].astype(np.int64) for i in range(len(shapes)))
        return Trace(shapes, counts, int(description["weight_bits"]))


def read_shape(fields: dict[str, Any]) -> LayerShape:
    """A layer's shape from JSON."""
    return LayerShape(**{**fields, "in_size": tuple(fields["in_size"])})


def write_npz(path: Path, kind: str, description: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays and what describes them; ``kind`` says what the file is.

    Raises:
        InputError: the file cannot be written there.
    """
    text = json.dumps({"format": FORMAT, "kind": kind, **description}, allow_nan=False)
    try:
        with whole_file(path) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **{_DESCRIPTION: np.array(text)}, **arrays)
    except OSError as error:
        raise InputError(f"cannot write {kind} {path}: {error.strerror}") from None


def read_npz(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The description, with its ``kind``, and the arrays of a file.

    Raises:
        InputError: the file is missing, damaged, or not one of spikecast's.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        description = json.loads(str(arrays.pop(_DESCRIPTION)))
        written, _ = description["format"], description["kind"]
    except FileNotFoundError:
        raise InputError(f"no file {path}") from None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error, TypeError, AttributeError):
        raise InputError(f"{path} is not a whole spikecast network or trace: write it again") from None
    if written != FORMAT:
        raise InputError(f"{path} has format {written}: this spikecast reads format {FORMAT}")
    return description, arrays


@contextmanager
def damage_refused(path: Path, kind: str) -> Iterator[None]:
    """Around what makes a network or trace of a file's parts: parts that are missing or malformed are bad input.

    Raises:
        InputError: they are; or as the block itself says.
    """
    try:
        yield
    except InputError:
        raise
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise InputError(f"{path} is not a whole {kind} ({error}): write it again") from None

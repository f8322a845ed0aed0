"""Networks on disk, the checkpoints of spikecast: what the accelerator runs, without torch."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from spikecast.accelerator.network import Layer, Network, Neuron, Recurrent
from spikecast.accelerator.npz_file import damage_refused, read_npz, write_npz
from spikecast.accelerator.trace_file import read_shape
from spikecast.errors import InputError

KIND = "network"


def save_network(network: Network, path: Path, choices: dict[str, Any] | None = None) -> None:
    """Write a network, and the training choices that it came from if they are known.

    Raises:
        InputError: the file cannot be written there.
    """
    layers: list[dict[str, Any]] = []
    arrays: dict[str, NDArray[Any]] = {}
    for i, layer in enumerate(network.layers):
        layers.append({"shape": asdict(layer.shape), "neuron": asdict(layer.neuron)})
        held: dict[str, NDArray[Any] | None] = {
            "weights": layer.weights,
            "bias": layer.bias,
            "scale": layer.scale,
        }
        if layer.recurrent is not None:
            held |= {"recurrent_weights": layer.recurrent.weights, "recurrent_bias": layer.recurrent.bias}
        arrays |= {f"{name}.{i}": array for name, array in held.items() if array is not None}
    write_npz(path, KIND, {"weight_bits": network.weight_bits, "choices": choices, "layers": layers}, arrays)


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
    if description["kind"] != KIND:
        raise InputError(f"{path} holds a {description['kind']}, not a network")
    with damage_refused(path, KIND):
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

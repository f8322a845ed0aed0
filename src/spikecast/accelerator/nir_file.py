"""A NIR file as the accelerator's network.

NIR (Neuromorphic Intermediate Representation) describes neurons in continuous time. It holds neither how long a
timestep is nor what a spike does to the membrane. So only what snnTorch 1.0.0 writes is read, where nothing has to be
guessed: a LIF is a leaky neuron and a CubaLIF a synaptic one, whose currents have a gain of 1.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, cast

import numpy as np

from spikecast.accelerator.network import RESETS, Layer, Network, Reset
from spikecast.accelerator.nir_layers import CONTRADICTS, Synapses, read_conv, read_dense, read_layer
from spikecast.errors import InputError, one_line

_READ = ("Input", "Conv2d", "Linear", "Affine", "LIF", "CubaLIF", "Flatten", "Output")
_ALLOWED = "allowed: one chain of Conv2d, Linear or Affine, each with LIF or CubaLIF behind it; Flatten in between"
_FRACTIONS = "makes other numbers of spikes than 0 or 1, and NIR has no max-pool: give the live snnTorch network"
_REASONS = {
    "AvgPool2d": _FRACTIONS,
    "SumPool2d": _FRACTIONS,
    "NIRGraph": f"is a graph of its own, as recurrent neurons are written: {_ALLOWED}",
}


def load_nir(path: str | Path, *, reset: str | None, time_step: float = 1e-4) -> Network:
    """Read a NIR file.

    A LIF becomes a leaky neuron of leak 1 - time_step / tau; a CubaLIF a synaptic one, alpha being 1 - time_step /
    tau_syn. They reset as snnTorch's neurons do, one timestep after a spike.

    Args:
        path: the file.
        reset: what the network was trained with, subtract, zero or none; the file does not hold it.
        time_step: length of a timestep in the unit of the file's time constants; snnTorch writes them for 1e-4.

    Raises:
        InputError: no NIR file, no reset, or a node that the accelerator cannot represent; the message names it.
    """
    if reset is None:
        raise InputError(
            f"{path}: a NIR file does not hold what a spike does to the membrane; say which the network was trained "
            "with: --reset subtract, zero or none"
        )
    if reset not in RESETS:
        raise InputError(f"reset {reset!r}: allowed: {', '.join(RESETS)}")
    if not time_step > 0:
        raise InputError(f"time_step {time_step:g}: allowed: above 0; snnTorch writes NIR files with 1e-4")
    try:
        return _network(_chain(_graph(Path(path))), cast(Reset, reset), time_step)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _graph(path: Path) -> Any:
    import nir

    if not path.is_file():
        raise InputError("no such file: give a NIR file, as nir.write writes it")
    try:
        # Sizes are followed from the input on below, where the node that does not fit can be named.
        return nir.read(path, type_check=False)
    except Exception as error:
        raise InputError(f"not a NIR graph ({one_line(error)}): give a file as nir.write writes it") from error


def _chain(graph: Any) -> list[tuple[str, Any]]:
    """The nodes from the input to the output, each with its type and name."""
    labels = {name: f"{type(node).__name__} {name}" for name, node in graph.nodes.items()}
    for name, node in graph.nodes.items():
        kind = type(node).__name__
        if kind not in _READ:
            raise InputError(f"{labels[name]} {_REASONS.get(kind, f'is not on the accelerator: {_ALLOWED}')}")
    if nowhere := {name for edge in graph.edges for name in edge} - labels.keys():
        raise InputError(f"edges end at {', '.join(sorted(nowhere))}, which is no node: {CONTRADICTS}")
    for end, verb in ((0, "leads to"), (1, "follows")):
        for name, times in Counter(edge[end] for edge in graph.edges).items():
            if times > 1:
                others = ", ".join(sorted(labels[edge[1 - end]] for edge in graph.edges if edge[end] == name))
                raise InputError(
                    f"{labels[name]} {verb} {times} nodes ({others}), in a branch or back to itself: {_ALLOWED}"
                )
    following = dict(graph.edges)
    chain = [name for name, node in graph.nodes.items() if type(node).__name__ == "Input"][:1]
    while chain and chain[-1] in following and len(chain) < len(graph.nodes):
        chain.append(following[chain[-1]])
    apart = [labels[name] for name in graph.nodes if name not in chain]
    if apart or not chain or type(graph.nodes[chain[-1]]).__name__ != "Output":
        raise InputError(f"{', '.join(apart) or 'the end'} is not on one way from Input to Output: {_ALLOWED}")
    return [(labels[name], graph.nodes[name]) for name in chain]


def _network(chain: list[tuple[str, Any]], reset: Reset, time_step: float) -> Network:
    frame = tuple(int(side) for side in np.reshape(chain[0][1].input_type["input"], -1))
    if len(frame) not in (1, 3):
        raise InputError(f"{chain[0][0]} has shape {list(frame)}: allowed: [inputs] or [channels, height, width]")
    flat = len(frame) == 1
    frame = (1, 1, *frame)[-3:]
    layers: list[Layer] = []
    synapses: Synapses | None = None
    for label, node in chain[1:-1]:
        kind = type(node).__name__
        if kind == "Flatten":
            # Whichever axes it joins, values keep their order; the synapses behind it say how many they take.
            flat = True
        elif kind in ("LIF", "CubaLIF"):
            if synapses is None:
                raise InputError(f"{label} has no synapses in front of it: {_ALLOWED}")
            layers.append(read_layer(synapses, node, label, reset, time_step))
            synapses = None
        elif synapses:
            raise InputError(f"{synapses.label} leads to {label} without neurons between them: {_ALLOWED}")
        else:
            number = 1 + sum((layer.shape.kind == "conv") == (kind == "Conv2d") for layer in layers)
            read = read_conv if kind == "Conv2d" else read_dense
            synapses = read(node, label, number, frame, flat)
            shape, flat = synapses.shape, kind != "Conv2d"
            frame = (1, 1, shape.out_channels) if flat else (shape.out_channels, *shape.out_size)
    if synapses or not layers:
        raise InputError(f"{synapses.label if synapses else chain[0][0]} leads to Output without neurons: {_ALLOWED}")
    return Network(tuple(layers))

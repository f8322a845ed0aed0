"""A NIR file as the accelerator's network.

NIR (Neuromorphic Intermediate Representation) describes neurons in continuous time. It holds neither how long a
timestep is nor what a spike does to the membrane. So only what snnTorch 1.0.0 writes is read, where nothing has to be
guessed: a LIF is a leaky neuron and a CubaLIF a synaptic one, whose currents have a gain of 1. By NIR's own rule a
membrane at the threshold does not fire; simulators that let it fire write the same files, so that can be said.

A ``label`` is a node's type and name, for errors; a ``frame`` the (channels, height, width) that enters it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.network import RESETS, Layer, Network, Neuron, Reset, conv_limits
from spikecast.architecture import LayerShape
from spikecast.errors import InputError, needs, one_line

_READ = ("Input", "Conv2d", "Linear", "Affine", "LIF", "CubaLIF", "Flatten", "Output")
_ALLOWED = "allowed: one chain of Conv2d, Linear or Affine, each with LIF or CubaLIF behind it; Flatten in between"
_FRACTIONS = "makes other numbers of spikes than 0 or 1, and NIR has no max-pool: give the live snnTorch network"
_REASONS = {
    "AvgPool2d": _FRACTIONS,
    "SumPool2d": _FRACTIONS,
    "NIRGraph": f"is a graph of its own, as recurrent neurons are written: {_ALLOWED}",
}
_CONTRADICTS = "the file contradicts itself, write it anew"
#: NIR's constants are often float32: a gain this near to 1 is 1, a leak this near to 0 is 0.
_GAIN_TOLERANCE = 1e-4
#: The length of a timestep that snnTorch writes its files for.
SNNTORCH_TIME_STEP = 1e-4
_OTHERWISE_STEPPED = (
    "Norse, sinabs and SpikingJelly write such files and step them each in its own way, which the file does not hold "
    "and no time step makes up for. Put the weights into a live snnTorch network of the same dynamics, or, if snnTorch "
    "wrote the file for another time step, give that one"
)


@dataclass(frozen=True)
class _Synapses:
    """A layer's synapses before its neurons are known."""

    label: str
    shape: LayerShape
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True)
class _Rules:
    """What a file does not hold: what a spike does, how long a timestep is, and who fires at the threshold."""

    reset: Reset
    time_step: float
    fires_at_threshold: bool


def load_nir(
    path: str | Path,
    *,
    reset: str | None,
    time_step: float = SNNTORCH_TIME_STEP,
    fires_at_threshold: bool = False,
) -> Network:
    """Read a NIR file.

    A LIF becomes a leaky neuron of leak 1 - time_step / tau; a CubaLIF a synaptic one, alpha being 1 - time_step /
    tau_syn. They reset as snnTorch's neurons do, one timestep after a spike.

    Args:
        path: the file.
        reset: what the network was trained with, subtract, zero or none; the file does not hold it.
        time_step: length of a timestep in the unit of the file's time constants; snnTorch writes them for 1e-4.
        fires_at_threshold: whether a membrane exactly at the threshold fires. By NIR's rule and in snnTorch it does
            not, in SpikingJelly it does. With weights on a grid, as quantized ones are, it matters.

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
        return _network(_chain(_graph(Path(path))), _Rules(cast(Reset, reset), time_step, fires_at_threshold))
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _graph(path: Path) -> Any:
    if not path.is_file():
        raise InputError("no such file: give a NIR file, as nir.write writes it")
    with needs("reading it", "nir"):
        import nir
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
        raise InputError(f"edges end at {', '.join(sorted(nowhere))}, which is no node: {_CONTRADICTS}")
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


def _network(chain: list[tuple[str, Any]], rules: _Rules) -> Network:
    frame = tuple(int(side) for side in np.reshape(chain[0][1].input_type["input"], -1))
    if len(frame) not in (1, 3):
        raise InputError(f"{chain[0][0]} has shape {list(frame)}: allowed: [inputs] or [channels, height, width]")
    flat = len(frame) == 1
    frame = (1, 1, *frame)[-3:]
    layers: list[Layer] = []
    synapses: _Synapses | None = None
    for label, node in chain[1:-1]:
        kind = type(node).__name__
        if kind == "Flatten":
            # Whichever axes it joins, values keep their order; the synapses behind it say how many they take.
            flat = True
        elif kind in ("LIF", "CubaLIF"):
            if synapses is None:
                raise InputError(f"{label} has no synapses in front of it: {_ALLOWED}")
            layers.append(_read_layer(synapses, node, label, rules))
            synapses = None
        elif synapses:
            raise InputError(f"{synapses.label} leads to {label} without neurons between them: {_ALLOWED}")
        else:
            number = 1 + sum((layer.shape.kind == "conv") == (kind == "Conv2d") for layer in layers)
            read = _read_conv if kind == "Conv2d" else _read_dense
            synapses = read(node, label, number, frame, flat)
            shape, flat = synapses.shape, kind != "Conv2d"
            frame = (1, 1, shape.out_channels) if flat else (shape.out_channels, *shape.out_size)
    if synapses or not layers:
        raise InputError(f"{synapses.label if synapses else chain[0][0]} leads to Output without neurons: {_ALLOWED}")
    return Network(tuple(layers))


def _read_dense(node: Any, label: str, number: int, frame: tuple[int, ...], flat: bool) -> _Synapses:
    """Read a Linear or Affine node, the ``number``-th of the network; ``flat`` says that a frame is one row of values.

    Raises:
        InputError: its sizes do not fit, or its input is not flat.
    """
    weights = np.asarray(node.weight, np.float32)
    channels, height, width = frame
    inputs = channels * height * width
    if weights.ndim != 2 or weights.shape[1] != inputs:
        raise InputError(
            f"{label} has weights of shape {list(weights.shape)}, and {inputs} inputs enter it: {_CONTRADICTS}"
        )
    if not flat:
        raise InputError(f"{label} gets frames of {list(frame)}: put a Flatten in front of it")
    bias = np.asarray(getattr(node, "bias", np.zeros(len(weights))), np.float32)
    shape = LayerShape(f"fc{number}", "fc", channels, (height, width), len(weights))
    return _Synapses(label, shape, np.ascontiguousarray(weights.T), bias)


def _read_conv(node: Any, label: str, number: int, frame: tuple[int, ...], flat: bool) -> _Synapses:
    """Read a Conv2d node, the ``number``-th of the network; ``flat`` says that a frame is one row of values.

    Raises:
        InputError: its sizes do not fit, or the accelerator has no such convolution.
    """
    weights = np.asarray(node.weight, np.float32)
    channels, height, width = frame
    if flat or weights.ndim != 4 or weights.shape[1] != channels:
        raise InputError(
            f"{label} has weights of shape {list(weights.shape)}, and {'flat frames' if flat else 'frames'} of "
            f"{list(frame)} enter it: {_CONTRADICTS}"
        )
    kernel, stride = weights.shape[2], _pair(node.stride)
    same = str(node.padding) == "same"
    margin = (kernel // 2,) * 2 if same else (0, 0) if str(node.padding) == "valid" else _pair(node.padding)
    settings: dict[str, Any] = {
        "kernel_size": weights.shape[2:],
        "stride": stride,
        "padding": margin,
        "dilation": _pair(node.dilation),
        "groups": int(node.groups),
    }
    strides = (1,) if same else (1, 2)
    for setting, (fits, allowed) in conv_limits(**settings, strides=strides).items():
        if not fits:
            why = f"{allowed} with padding same" if same and setting == "stride" else allowed
            raise InputError(f"{label} has {setting} {settings[setting]}: allowed on the accelerator: {why}")
    if node.input_shape is not None and _pair(node.input_shape) != (height, width):
        raise InputError(
            f"{label} takes maps of {_pair(node.input_shape)}, and maps of {(height, width)} enter it: {_CONTRADICTS}"
        )
    if min(height, width) + 2 * margin[0] < kernel:
        raise InputError(f"{label} has a kernel wider than the frames of {list(frame)} that enter it: {_CONTRADICTS}")
    padding = None if margin[0] == kernel // 2 else margin[0]
    shape = LayerShape(
        f"conv{number}",
        "conv",
        channels,
        (height, width),
        len(weights),
        kernel=kernel,
        stride=stride[0],
        padding=padding,
    )
    return _Synapses(
        label, shape, np.ascontiguousarray(weights.transpose(1, 2, 3, 0)), np.asarray(node.bias, np.float32)
    )


def _pair(value: Any) -> tuple[int, int]:
    first, second = np.broadcast_to(np.asarray(value, dtype=int), 2)
    return int(first), int(second)


def _read_layer(synapses: _Synapses, node: Any, label: str, rules: _Rules) -> Layer:
    """Put the neurons of a LIF or CubaLIF node behind synapses.

    Raises:
        InputError: the neurons differ among each other, or are none that the accelerator has.
    """
    neurons = np.size(node.v_threshold)
    if neurons not in (1, synapses.shape.neurons):
        raise InputError(
            f"{label} has {neurons} neurons, and {synapses.label} leads to {synapses.shape.neurons}: {_CONTRADICTS}"
        )
    for resting in ("v_leak", "v_reset"):
        if _single(node, label, resting) != 0:
            raise InputError(f"{label} has {resting} {_single(node, label, resting):g}: allowed on the accelerator: 0")
    threshold = _single(node, label, "v_threshold")
    step, at = rules.time_step, rules.fires_at_threshold
    if type(node).__name__ == "LIF":
        leak = _decay(node, label, "tau", "r", step)
        neuron = Neuron("leaky", 1.0, leak, threshold, rules.reset, fires_at_threshold=at)
    else:
        leak, alpha = _decay(node, label, "tau_mem", "r", step), _decay(node, label, "tau_syn", "w_in", step)
        neuron = Neuron("synaptic", 1.0, leak, threshold, rules.reset, alpha, fires_at_threshold=at)
    return Layer(synapses.shape, synapses.weights, synapses.bias, neuron)


def _decay(node: Any, label: str, time_constant: str, factor: str, time_step: float) -> float:
    """What is left of a state after a timestep; its input must count once, as it does in snnTorch."""
    tau, weight = _single(node, label, time_constant), _single(node, label, factor)
    if np.isposinf(tau) and np.isposinf(weight) and time_step == SNNTORCH_TIME_STEP:
        return 1.0  # snnTorch divides by 1 - beta, and this is beta 1
    gain = weight * time_step / tau if tau else np.nan
    if not abs(gain - 1) <= _GAIN_TOLERANCE:
        raise InputError(
            f"{label} has {factor} * {time_step:g} / {time_constant} = {gain:g}, and the accelerator's currents have a "
            f"gain of 1, as snnTorch's Leaky and Synaptic: {_OTHERWISE_STEPPED}"
        )
    decay = 1 - time_step / tau
    if decay < -_GAIN_TOLERANCE:
        raise InputError(
            f"{label} has {time_constant} {tau:g}, shorter than the time step {time_step:g}: give the file's time step"
        )
    if decay <= _GAIN_TOLERANCE and time_step != SNNTORCH_TIME_STEP:
        raise InputError(
            f"{label} has {time_constant} {tau:g}, which is the time step: that would be a neuron without memory. With "
            f"{factor} = 1 the file was not stepped so: {_OTHERWISE_STEPPED}"
        )
    return max(decay, 0.0)


def _single(node: Any, label: str, parameter: str) -> float:
    """The one value of a layer's parameter."""
    values = np.unique(np.asarray(getattr(node, parameter), np.float64))
    if len(values) != 1:
        raise InputError(f"{label} has {len(values)} different values of {parameter}: the accelerator has one a layer")
    return float(values[0])

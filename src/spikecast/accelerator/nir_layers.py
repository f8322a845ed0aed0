"""Nodes of a NIR file as layers of the accelerator's network.

A ``label`` is a node's type and name, for errors; a ``frame`` the (channels, height, width) that enters it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.conv_limits import conv_limits
from spikecast.accelerator.network import Layer, Neuron, Reset
from spikecast.architecture import LayerShape
from spikecast.errors import InputError

#: NIR's constants are often float32: a gain this near to 1 is 1.
_GAIN_TOLERANCE = 1e-4
CONTRADICTS = "the file contradicts itself, write it anew"


@dataclass(frozen=True)
class Synapses:
    """A layer's synapses before its neurons are known."""

    label: str
    shape: LayerShape
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


def read_dense(node: Any, label: str, number: int, frame: tuple[int, ...], flat: bool) -> Synapses:
    """Read a Linear or Affine node, the ``number``-th of the network; ``flat`` says that a frame is one row of values.

    Raises:
        InputError: its sizes do not fit, or its input is not flat.
    """
    weights = np.asarray(node.weight, np.float32)
    channels, height, width = frame
    inputs = channels * height * width
    if weights.ndim != 2 or weights.shape[1] != inputs:
        raise InputError(
            f"{label} has weights of shape {list(weights.shape)}, and {inputs} inputs enter it: {CONTRADICTS}"
        )
    if not flat:
        raise InputError(f"{label} gets frames of {list(frame)}: put a Flatten in front of it")
    bias = np.asarray(getattr(node, "bias", np.zeros(len(weights))), np.float32)
    shape = LayerShape(f"fc{number}", "fc", channels, (height, width), len(weights))
    return Synapses(label, shape, np.ascontiguousarray(weights.T), bias)


def read_conv(node: Any, label: str, number: int, frame: tuple[int, ...], flat: bool) -> Synapses:
    """Read a Conv2d node, as ``read_dense`` does a dense one.

    Raises:
        InputError: its sizes do not fit, or the accelerator has no such convolution.
    """
    weights = np.asarray(node.weight, np.float32)
    channels, height, width = frame
    if flat or weights.ndim != 4 or weights.shape[1] != channels:
        raise InputError(
            f"{label} has weights of shape {list(weights.shape)}, and {'flat frames' if flat else 'frames'} of "
            f"{list(frame)} enter it: {CONTRADICTS}"
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
            f"{label} takes maps of {_pair(node.input_shape)}, and maps of {(height, width)} enter it: {CONTRADICTS}"
        )
    if min(height, width) + 2 * margin[0] < kernel:
        raise InputError(f"{label} has a kernel wider than the frames of {list(frame)} that enter it: {CONTRADICTS}")
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
    return Synapses(
        label, shape, np.ascontiguousarray(weights.transpose(1, 2, 3, 0)), np.asarray(node.bias, np.float32)
    )


def _pair(value: Any) -> tuple[int, int]:
    first, second = np.broadcast_to(np.asarray(value, dtype=int), 2)
    return int(first), int(second)


def read_layer(synapses: Synapses, node: Any, label: str, reset: Reset, time_step: float) -> Layer:
    """Put the neurons of a LIF or CubaLIF node behind synapses; ``time_step`` is in the unit of its time constants.

    Raises:
        InputError: the neurons differ among each other, or are none that the accelerator has.
    """
    neurons = np.size(node.v_threshold)
    if neurons not in (1, synapses.shape.neurons):
        raise InputError(
            f"{label} has {neurons} neurons, and {synapses.label} leads to {synapses.shape.neurons}: {CONTRADICTS}"
        )
    for resting in ("v_leak", "v_reset"):
        if _one(node, label, resting) != 0:
            raise InputError(f"{label} has {resting} {_one(node, label, resting):g}: allowed on the accelerator: 0")
    threshold = _one(node, label, "v_threshold")
    if type(node).__name__ == "LIF":
        leak = _decay(node, label, "tau", "r", time_step)
        neuron = Neuron("leaky", 1.0, leak, threshold, reset)
    else:
        leak, alpha = _decay(node, label, "tau_mem", "r", time_step), _decay(node, label, "tau_syn", "w_in", time_step)
        neuron = Neuron("synaptic", 1.0, leak, threshold, reset, alpha)
    return Layer(synapses.shape, synapses.weights, synapses.bias, neuron)


def _decay(node: Any, label: str, time_constant: str, factor: str, time_step: float) -> float:
    """What is left of a state after a timestep; its input must count once, as it does in snnTorch."""
    tau = _one(node, label, time_constant)
    gain = _one(node, label, factor) * time_step / tau if tau else np.nan
    if not abs(gain - 1) <= _GAIN_TOLERANCE:
        raise InputError(
            f"{label} has {factor} * {time_step:g} / {time_constant} = {gain:g}: how a gain other than 1 was stepped "
            "cannot be read without guessing (snnTorch's Leaky and Synaptic have 1, its Lapicque and other simulators "
            "not): give the file's time step, or the live network or a spikecast checkpoint instead"
        )
    decay = 1 - time_step / tau
    if decay < 0:
        raise InputError(
            f"{label} has {time_constant} {tau:g}, shorter than the time step {time_step:g}: give the file's time step"
        )
    return decay


def _one(node: Any, label: str, parameter: str) -> float:
    """The one value of a layer's parameter."""
    values = np.unique(np.asarray(getattr(node, parameter), np.float64))
    if len(values) != 1:
        raise InputError(f"{label} has {len(values)} different values of {parameter}: the accelerator has one a layer")
    return float(values[0])

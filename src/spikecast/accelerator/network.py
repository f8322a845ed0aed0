"""The network as hardware holds it: batch norm folded, one weight array, bias and neuron a layer."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from spikecast.architecture import LayerShape
from spikecast.errors import InputError, unknown_name
from spikecast.neurons import NEURONS, NeuronModel as NeuronModel

Reset = Literal["subtract", "zero", "none"]
#: What a spike does to its neuron: the threshold is subtracted, the membrane becomes 0, or nothing.
RESETS: tuple[str, ...] = get_args(Reset)


@dataclass(frozen=True)
class Neuron:
    """Neuron model of a layer, as snnTorch 1.0.0 codes it. U' is the membrane one timestep earlier, R whether it fired.

    - leaky: U = gain I + leak U'; reset zero clears U' before, so the current survives
    - lapicque: U = gain I + leak U'; reset zero clears U after
    - rleaky: U = gain I + leak U' + recurrent current; reset zero clears U after
    - synaptic: S = alpha S' + I, U = leak U' + S; reset zero clears U after and keeps S
    - alpha: E = alpha E' + I, H = leak H' - I, U = gain (E + H); reset zero clears all three after; reset subtract
      takes the threshold from E, clears H, and adds H' to U

    Reset subtract takes the threshold from U where R is 1 (alpha as above); reset none does nothing. A spike is
    fired when U > threshold, strictly but for ``fires_at_threshold``, whether or not U was reset in this timestep.

    Attributes:
        model: one of the above.
        gain: factor of the current, 1 for leaky and rleaky; for alpha its tau = ln(alpha) / (ln(leak) - ln(alpha)) + 1.
        leak: decay of the membrane in a timestep; for alpha that of the inhibitory trace.
        threshold: in units of the membrane.
        reset: what happens one timestep after a spike.
        alpha: decay of the synaptic (for alpha: excitatory) current in a timestep.
        fires_at_threshold: whether U = threshold fires, as in SpikingJelly; snnTorch and NIR say no.
    """

    model: NeuronModel
    gain: float
    leak: float
    threshold: float
    reset: Reset
    alpha: float = 0.0
    fires_at_threshold: bool = False

    def __post_init__(self) -> None:
        """Check names and numbers.

        Raises:
            InputError: there is no such model or reset, or a number is not finite.
        """
        for name, value, known in (("model", self.model, NEURONS), ("reset", self.reset, RESETS)):
            if value not in known:
                raise unknown_name(f"neuron {name}", value, known)
        for constant in ("gain", "leak", "threshold", "alpha"):
            if not math.isfinite(getattr(self, constant)):
                raise InputError(f"neuron {constant} {getattr(self, constant)}: give a finite number")


@dataclass(frozen=True)
class Recurrent:
    """Synapses from a layer's own spikes, one timestep earlier and before the pool, back to its neurons.

    Attributes:
        weights: float32[neurons, neurons] of a fully connected layer or float32[out_channels, kernel, kernel,
            out_channels] of a convolution, source first; float32[out_channels] where every neuron feeds itself alone.
        bias: float32[out_channels].
    """

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True)
class Layer:
    """Synapses and neurons of one layer.

    Attributes:
        shape: sizes, kernel and pool.
        weights: [in_channels, kernel, kernel, out_channels] of a convolution, [inputs, neurons] of a fully
            connected layer; inputs run over channels, then rows, then columns. float32, or int8 with ``scale``.
        bias: float32[out_channels].
        neuron: model and parameters.
        scale: float32[out_channels], what one step of an integer weight is worth; None for float weights. Integers
            are added up as integers: current = scale * sum + bias.
        recurrent: synapses from the layer to itself, or None.
    """

    shape: LayerShape
    weights: NDArray[np.float32] | NDArray[np.int8]
    bias: NDArray[np.float32]
    neuron: Neuron
    scale: NDArray[np.float32] | None = None
    recurrent: Recurrent | None = None

    def __post_init__(self) -> None:
        """Check that the arrays have the sizes that the shape says, and hold numbers.

        Raises:
            InputError: one does not, or is of another type.
        """
        shape = self.shape
        kernel = (shape.in_channels, shape.kernel, shape.kernel) if shape.kind == "conv" else (shape.inputs,)
        if self.weights.dtype != (np.float32 if self.scale is None else np.int8):
            raise InputError(f"{shape.name}: weights are {self.weights.dtype}: use float32, or int8 with a scale")
        _require(shape.name, "weights", self.weights, (*kernel, shape.out_channels))
        for name, array in (("bias", self.bias), ("scale", self.scale)):
            if array is not None:
                _require_floats(shape.name, name, array, (shape.out_channels,))
        if len({shape.recurrent, self.recurrent is not None, self.neuron.model == "rleaky"}) > 1:
            raise InputError(
                f"{shape.name}: recurrent synapses, a recurrent shape and rleaky neurons go together: give all or none"
            )
        if self.recurrent is not None:
            _require_recurrent(shape, self.recurrent)


@dataclass(frozen=True)
class Network:
    """Layers in order; ``weight_bits`` is the width of a stored weight: 4 or 8 of integers, 32 of floats."""

    layers: tuple[Layer, ...]
    weight_bits: int = 32

    def __post_init__(self) -> None:
        """Check that every layer takes what the layer before gives.

        Raises:
            InputError: one does not, there is no layer, or weights are not of so many bits.
        """
        if not self.layers:
            raise InputError("a network needs a layer: give one or more")
        fits = all((layer.scale is None) == (self.weight_bits == 32) for layer in self.layers)
        if not fits or self.weight_bits not in (4, 8, 32):
            raise InputError(f"weight_bits {self.weight_bits} does not fit the weights: 32 of float32, 4 or 8 of int8")
        for before, after in itertools.pairwise(self.shapes):
            if after.inputs != before.out_channels * before.out_size[0] * before.out_size[1]:
                raise InputError(f"{after.name} takes {after.inputs} inputs, which is not what {before.name} gives")

    @property
    def shapes(self) -> tuple[LayerShape, ...]:
        return tuple(layer.shape for layer in self.layers)


def _require(layer: str, name: str, array: NDArray[np.float32] | NDArray[np.int8], shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise InputError(f"{layer}: {name} of shape {array.shape}: expected {shape}")
    if not np.isfinite(array).all():
        raise InputError(f"{layer}: {name} with values that are not finite: did training diverge?")


def _require_floats(layer: str, name: str, array: NDArray[np.float32], shape: tuple[int, ...]) -> None:
    if array.dtype != np.float32:
        raise InputError(f"{layer}: {name} is {array.dtype}: use float32")
    _require(layer, name, array, shape)


def _require_recurrent(shape: LayerShape, back: Recurrent) -> None:
    """Refuse synapses from a layer to itself that do not fit its neurons."""
    outputs = shape.out_channels
    own: tuple[int, ...] = (outputs,)
    if back.weights.ndim != 1:
        own = (outputs, *(back.weights.shape[1:2] * 2), outputs) if shape.kind == "conv" else (outputs, outputs)
    _require_floats(shape.name, "recurrent weights", back.weights, own)
    _require_floats(shape.name, "recurrent bias", back.bias, (outputs,))


def conv_limits(
    kernel_size: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int],
    dilation: tuple[int, int],
    groups: int,
    strides: tuple[int, ...] = (1, 2),
) -> dict[str, tuple[bool, str]]:
    """By setting: whether it fits, and what is allowed.

    Args:
        kernel_size, stride, dilation: height and width, in pixels.
        padding: zeros over and beside the map.
        groups: parts that the channels are split into.
        strides: those that are allowed.
    """
    return {
        "kernel_size": (kernel_size[0] == kernel_size[1] and kernel_size[0] % 2 == 1, "an odd square one"),
        "stride": (stride[0] == stride[1] and stride[0] in strides, " or ".join(map(str, strides))),
        "padding": (padding[0] == padding[1], "the same in both axes"),
        "dilation": (dilation == (1, 1), "1"),
        "groups": (groups == 1, "1"),
    }

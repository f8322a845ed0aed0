"""Architecture strings: ``16C3-MP2-32C3-MP2-FC128-FC100`` to the shapes of a network's layers.

Grammar, parts joined by ``-``: ``<channels>C<kernel>`` a convolution (odd kernel, same padding, stride 1),
``MP<size>`` a max-pool behind a convolution, ``FC<neurons>`` a fully connected layer. Convolutions come first,
the last part is a fully connected layer. Every C and FC is followed by spiking neurons.

Population code: the outputs of a network are equal, contiguous groups of neurons, one group a class."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from spikecast.errors import InputError

#: Presets without their last part, and how many of its neurons vote for each class.
_STEMS = {
    "csnn-s": ("16C3-MP2-32C3-MP2-FC128", 10),
    "vgg9": ("64C3-28C3-MP2-48C3-54C3-MP2-120C3-126C3-140C3-MP2-FC1064", 20),
}


def presets(classes: int = 10) -> dict[str, str]:
    """Architectures by name, for so many classes."""
    return {name: f"{stem}-FC{votes * classes}" for name, (stem, votes) in _STEMS.items()}


PRESETS = presets()

#: Beyond these nothing was ever measured, and a question would fill the memory.
MOST_PARTS, MOST_CHANNELS, MOST_NEURONS = 64, 4096, 65_536

_GRAMMAR = (
    "allowed: parts joined by '-': <channels>C<odd kernel>, MP<size> behind a C part, FC<neurons>; "
    f"the last part is FC; or a preset: {', '.join(PRESETS)}; e.g. {PRESETS['csnn-s']}"
)
# Digits of other scripts would give one network several spellings.
_CONV = re.compile(r"([1-9][0-9]{0,4})C([1-9][0-9]?)")
_POOL = re.compile(r"MP([2-9])")
_DENSE = re.compile(r"FC([1-9][0-9]{0,5})")


@dataclass(frozen=True)
class LayerShape:
    """One spiking layer and the frame that enters it.

    Attributes:
        name: ``conv1``, ``fc2``, ...: kind and number among its kind.
        kind: ``conv`` or ``fc``.
        in_channels: input channels (1 behind another fully connected layer).
        in_size: (height, width) of one input channel's frame in pixels; behind a fully connected layer
            (1, its neurons).
        out_channels: output channels of a convolution, neurons of a fully connected layer.
        kernel: kernel width; 1 for a fully connected layer.
        pool: width of the max-pool behind the layer; 1 is none.
        stride: step of the kernel, in pixels.
        padding: zeros around the input frame, in pixels; None is same padding, half the kernel.
        recurrent: the layer's own spikes come back to it through synapses, one timestep later.
    """

    name: str
    kind: str
    in_channels: int
    in_size: tuple[int, int]
    out_channels: int
    kernel: int = 1
    pool: int = 1
    stride: int = 1
    padding: int | None = None
    recurrent: bool = False

    @property
    def margin(self) -> int:
        """Zeros around the input frame, in pixels."""
        return self.kernel // 2 if self.padding is None else self.padding

    @cached_property
    def neuron_size(self) -> tuple[int, int]:
        """(height, width) of one output channel's neurons, in front of the pool."""
        if self.kind == "fc":
            return (1, 1)
        height, width = ((side + 2 * self.margin - self.kernel) // self.stride + 1 for side in self.in_size)
        return (height, width)

    @property
    def trace_channels(self) -> int:
        """Channels whose spikes enter: the input channels, then those that come back."""
        returning = self.out_channels if self.kind == "conv" else 1
        return self.in_channels + (returning if self.recurrent else 0)

    @property
    def frame(self) -> int:
        """Pixels of one input channel's frame."""
        return self.in_size[0] * self.in_size[1]

    @property
    def inputs(self) -> int:
        """Number of inputs: channels times pixels, without what comes back."""
        return self.in_channels * self.frame

    @property
    def fan_in(self) -> int:
        """Inputs of one neuron, without what comes back: all of them, or those under a convolution's kernel."""
        return self.inputs if self.kind == "fc" else self.in_channels * self.kernel**2

    @property
    def all_inputs(self) -> int:
        """Number of inputs, the layer's own neurons among them if their spikes come back."""
        return self.inputs + (self.neurons if self.recurrent else 0)

    @property
    def adds_per_spike(self) -> int:
        """Additions that a spike costs: one per tap of the kernel and output channel, taps beyond the border too."""
        return self.kernel**2 * self.out_channels

    @cached_property
    def neurons(self) -> int:
        """Number of neurons, before pooling."""
        height, width = self.neuron_size
        return self.out_channels * height * width

    @property
    def out_size(self) -> tuple[int, int]:
        """(height, width) of one output channel's frame, behind the pool."""
        height, width = self.neuron_size
        return (height // self.pool, width // self.pool)


def expand(architecture: str, classes: int = 10) -> str:
    """Resolve a preset to its string, for so many classes, and check the grammar: one network has one spelling.

    Raises:
        InputError: the string does not follow the grammar.
    """
    text = presets(classes).get(architecture.strip().lower(), architecture.strip().upper())
    parts = text.split("-")
    if len(parts) > MOST_PARTS:
        raise InputError(f"architecture of {len(parts)} parts is too long, {MOST_PARTS} at most; {_GRAMMAR}")
    previous = ""
    for part in parts:
        kind = _part_kind(part, architecture)
        if kind == "MP" and previous != "C":
            raise _error(architecture, f"{part!r} must follow a convolution")
        if kind == "C" and previous == "FC":
            raise _error(architecture, f"{part!r} cannot follow a fully connected layer")
        previous = kind
    if previous != "FC":
        raise _error(architecture, f"it ends in {parts[-1]!r}")
    return text


@lru_cache(maxsize=256)
def layer_shapes(
    architecture: str, in_channels: int, input_size: int, recurrent: bool = False
) -> tuple[LayerShape, ...]:
    """Shapes of all spiking layers for square input frames of ``input_size`` pixels a side.

    Raises:
        InputError: the string does not follow the grammar, or pooling leaves no pixel.
    """
    shapes: list[LayerShape] = []
    channels, size = in_channels, (input_size, input_size)
    counts = {"conv": 0, "fc": 0}
    for part in expand(architecture).split("-"):
        if pool := _POOL.fullmatch(part):
            shapes[-1] = replace(shapes[-1], pool=int(pool[1]))
            size = shapes[-1].out_size
            if 0 in size:
                raise InputError(
                    f"architecture {architecture!r} pools a frame of {input_size} pixels a side to nothing: "
                    "use a larger input_size or fewer MP parts"
                )
            continue
        kind = "conv" if _CONV.fullmatch(part) else "fc"
        counts[kind] += 1
        shapes.append(_shape(part, f"{kind}{counts[kind]}", channels, size))
        channels, size = (shapes[-1].out_channels, size) if kind == "conv" else (1, (1, shapes[-1].out_channels))
    return tuple(replace(shape, recurrent=recurrent) for shape in shapes)


def _shape(part: str, name: str, channels: int, size: tuple[int, int]) -> LayerShape:
    if conv := _CONV.fullmatch(part):
        return LayerShape(name, "conv", channels, size, int(conv[1]), kernel=int(conv[2]))
    dense = _DENSE.fullmatch(part)
    assert dense is not None
    return LayerShape(name, "fc", channels, size, int(dense[1]))


def _part_kind(part: str, architecture: str) -> str:
    if conv := _CONV.fullmatch(part):
        if int(conv[2]) % 2 == 0:
            raise _error(architecture, f"the kernel of {part!r} is even")
        if int(conv[1]) > MOST_CHANNELS:
            raise _error(architecture, f"{part!r} has more than {MOST_CHANNELS} channels")
        return "C"
    if _POOL.fullmatch(part):
        return "MP"
    if dense := _DENSE.fullmatch(part):
        if int(dense[1]) > MOST_NEURONS:
            raise _error(architecture, f"{part!r} has more than {MOST_NEURONS} neurons")
        return "FC"
    raise _error(architecture, f"cannot read {part!r}")


def _error(architecture: str, reason: str) -> InputError:
    return InputError(f"architecture {architecture!r}: {reason}; {_GRAMMAR}")


def predicted_classes(output_spikes: NDArray[np.uint8], classes: int) -> NDArray[np.int64]:
    """The class whose neurons fired most, the lowest class on a tie.

    Args:
        output_spikes: uint8[samples, timesteps, outputs]; outputs is a multiple of ``classes``.
        classes: number of classes.

    Returns:
        int64[samples].
    """
    counts = output_spikes.sum(axis=1, dtype=np.int64)
    winners: NDArray[np.int64] = counts.reshape(len(counts), classes, -1).sum(axis=2).argmax(axis=1)
    return winners

"""What the engine knows of a layer before the first spike: tables that turn a spike into a run of additions.

A spike at position p adds ``weights[source[p], j]`` to the currents at ``target[p] + j * pitch``, for every kernel
row j. Convolutions and fully connected layers differ in these tables alone. A stride s splits the kernel into s * s
smaller ones, one for each place that an input pixel can have within the stride.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.network import Layer
from spikecast.architecture import LayerShape

_CACHE_LINE = 64
Numbers = TypeVar("Numbers", bound=NDArray[Any])


class Scatter(NamedTuple):
    """Synapses as runs of additions.

    Attributes:
        weights: [sources, kernel rows, run], float32 or int8.
        source: int32[positions], weights of a spike at each position.
        target: int32[positions], where in the currents its first run begins.
        channel: int32[positions], the trace channel of each position.
        fan_out: int64[positions], synapses with a weight other than zero that a spike there reaches.
    """

    weights: NDArray[np.float32] | NDArray[np.int8]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    channel: NDArray[np.int32]
    fan_out: NDArray[np.int64]


class Grid(NamedTuple):
    """Where a layer's neurons lie.

    Attributes:
        height, width, channels: of the neurons.
        pool: width of the max-pool behind them.
        size: currents in all, those around the neurons included.
        pitch: numbers from one row of currents to the next.
        origin: where in the currents the first neuron lies.
    """

    height: int
    width: int
    channels: int
    pool: int
    size: int
    pitch: int
    origin: int


class Row(NamedTuple):
    """One row of neurons, each array float32[width * channels]: current = scale * sum + bias."""

    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    returning_bias: NDArray[np.float32]


@dataclass(frozen=True)
class LayerPlan:
    """A layer, laid out for the engine; without synapses to itself, ``returning`` has no positions."""

    layer: Layer
    inputs: Scatter
    returning: Scatter
    grid: Grid
    row: Row


def aligned(values: Numbers) -> Numbers:
    """A contiguous copy that begins where a line of the processor's cache does, which makes long additions faster."""
    memory = np.empty(values.nbytes + _CACHE_LINE, np.uint8)
    start = -memory.ctypes.data % _CACHE_LINE
    copied = memory[start : start + values.nbytes].view(values.dtype).reshape(values.shape)
    copied[...] = values
    return cast(Numbers, copied)


def plan_layer(layer: Layer) -> LayerPlan:
    """Lay out a layer for the engine."""
    shape, returning = layer.shape, layer.recurrent
    outputs, (height, width) = shape.out_channels, shape.neuron_size
    # Around the neurons lie currents that no neuron reads, so that every spike can add its whole kernel.
    lead = columns = rows = 0
    kernels = [_Kernel(layer.weights, shape.in_size, shape.margin, shape.stride)] if shape.kind == "conv" else []
    if returning is not None and returning.weights.ndim == 4:
        kernels.append(_Kernel(returning.weights, shape.neuron_size, returning.weights.shape[1] // 2, 1))
    for kernel in kernels:
        lead = max(lead, kernel.taps - 1)
        rows, columns = max(rows, kernel.reach(0)), max(columns, kernel.reach(1))
    rows, columns = lead + max(rows, height), lead + max(columns, width)
    grid = Grid(
        height=height,
        width=width,
        channels=outputs,
        pool=shape.pool,
        size=rows * columns * outputs,
        pitch=columns * outputs,
        origin=(lead * columns + lead) * outputs,
    )
    row = Row(
        scale=np.tile(np.ones(outputs, np.float32) if layer.scale is None else layer.scale, width),
        bias=np.tile(layer.bias, width),
        returning_bias=np.tile(np.zeros(outputs, np.float32) if returning is None else returning.bias, width),
    )
    inputs = (
        kernels[0].scatter(columns, lead) if shape.kind == "conv" else _dense_scatter(layer.weights, shape.in_channels)
    )
    if returning is None:
        back = _dense_scatter(np.zeros((0, 1), np.float32), channels=1)
    elif returning.weights.ndim == 4:
        back = kernels[-1].scatter(columns, lead)
    elif returning.weights.ndim == 2:
        back = _dense_scatter(returning.weights, channels=1)
    else:
        back = _own_scatter(returning.weights, shape, columns, lead)
    # In the trace, what comes back lies behind the input channels.
    back = back._replace(channel=back.channel + np.int32(shape.in_channels))
    return LayerPlan(layer, inputs, back, grid, row)


@dataclass(frozen=True)
class _Kernel:
    """A convolution's weights [in_channels, kernel, kernel, out_channels] and how it steps over its frame."""

    weights: NDArray[np.float32] | NDArray[np.int8]
    frame: tuple[int, int]
    margin: int
    stride: int

    @property
    def taps(self) -> int:
        """Kernel rows (and columns) that one input pixel meets at most."""
        return int(-(-self.weights.shape[1] // self.stride))

    def reach(self, axis: int) -> int:
        """Rows (or columns) of neurons up to the last one that an input pixel may reach."""
        return (self.frame[axis] - 1 + self.margin) // self.stride + 1

    def scatter(self, columns: int, lead: int) -> Scatter:
        (height, width), stride, taps = self.frame, self.stride, self.taps
        channels, kernel, _, outputs = self.weights.shape
        padded = np.zeros((channels, taps * stride, taps * stride, outputs), self.weights.dtype)
        padded[:, :kernel, :kernel] = self.weights
        # Tap j * stride + phase of the kernel is row j of that phase's own kernel; the nearest neuron comes last.
        phases = padded.reshape(channels, taps, stride, taps, stride, outputs)[:, ::-1, :, ::-1]
        weights = phases.transpose(0, 2, 4, 1, 3, 5).reshape(channels * stride**2, taps, taps * outputs)
        row, column, channel = np.indices((height, width, channels)).reshape(3, -1)
        row, column = row + self.margin, column + self.margin
        first_row, first_column = row // stride + lead - taps + 1, column // stride + lead - taps + 1
        return Scatter(
            weights=aligned(weights),
            source=((channel * stride + row % stride) * stride + column % stride).astype(np.int32),
            target=((first_row * columns + first_column) * outputs).astype(np.int32),
            channel=channel.astype(np.int32),
            fan_out=self._fan_out().reshape(-1),
        )

    def _fan_out(self) -> NDArray[np.int64]:
        """int64[height, width, in_channels]: weights other than zero that a spike reaches."""
        (height, width), stride = self.frame, self.stride
        kernel = self.weights.shape[1]
        nonzero = np.count_nonzero(self.weights, axis=3)
        reached = (taps_met(side, kernel, self.margin, stride) for side in (height, width))
        fan_out: NDArray[np.int64] = np.einsum("cyx,hy,wx->hwc", nonzero, *reached, optimize=True)
        return fan_out


def taps_met(side: int, kernel: int, margin: int, stride: int) -> NDArray[np.int64]:
    """int64[side, kernel]: 1 where there is a neuron that sees the pixel through the tap."""
    neuron, rest = np.divmod(np.arange(side)[:, np.newaxis] + margin - np.arange(kernel), stride)
    last = (side + 2 * margin - kernel) // stride
    met: NDArray[np.int64] = ((rest == 0) & (neuron >= 0) & (neuron <= last)).astype(np.int64)
    return met


def _dense_scatter(weights: NDArray[np.float32] | NDArray[np.int8], channels: int) -> Scatter:
    """Synapses [inputs, neurons]; inputs run over channels first, spikes' positions over channels last."""
    inputs = len(weights)
    source = np.arange(inputs).reshape(channels, -1).T.reshape(-1)
    return Scatter(
        weights=aligned(weights.reshape(inputs, 1, weights.shape[1])),
        source=source.astype(np.int32),
        target=np.zeros(inputs, np.int32),
        channel=np.tile(np.arange(channels, dtype=np.int32), inputs // channels),
        fan_out=np.count_nonzero(weights, axis=1)[source].astype(np.int64),
    )


def _own_scatter(weights: NDArray[np.float32], shape: LayerShape, columns: int, lead: int) -> Scatter:
    """Every neuron back to itself, with one weight per output channel."""
    row, column, channel = np.indices((*shape.neuron_size, shape.out_channels)).reshape(3, -1)
    return Scatter(
        weights=aligned(weights.reshape(-1, 1, 1)),
        source=channel.astype(np.int32),
        target=(((row + lead) * columns + column + lead) * shape.out_channels + channel).astype(np.int32),
        # All neurons of a fully connected layer share one trace channel.
        channel=(channel if shape.kind == "conv" else np.zeros_like(channel)).astype(np.int32),
        fan_out=(weights != 0).astype(np.int64)[channel],
    )

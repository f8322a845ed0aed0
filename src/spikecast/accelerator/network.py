"""The network as hardware holds it: batch norm folded, one weight array, bias and neuron a layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spikecast.architecture import LayerShape


@dataclass(frozen=True)
class Neuron:
    """Neuron model of a layer, as snnTorch 1.0.0 codes it. U' is the membrane one timestep earlier, R = U' > threshold.

    - leaky, subtract: U = leak U' + I - R threshold
    - leaky, zero: U = leak (1 - R) U' + I, so the current survives the reset
    - lapicque, subtract: U = gain I + leak U' - R threshold
    - lapicque, zero: U = (1 - R) (gain I + leak U')

    A spike is fired when U > threshold, strictly.
    """

    model: Literal["leaky", "lapicque"]
    gain: float
    leak: float
    threshold: float
    reset: Literal["subtract", "zero"]


@dataclass(frozen=True)
class Layer:
    """Synapses and neurons of one layer.

    Attributes:
        shape: sizes, kernel and pool.
        weights: float32[in_channels, kernel, kernel, out_channels] of a convolution,
            float32[inputs, neurons] of a fully connected layer; inputs run over channels, then rows, then columns.
        bias: float32[out_channels].
        neuron: model and parameters.
    """

    shape: LayerShape
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    neuron: Neuron


@dataclass(frozen=True)
class Network:
    """Layers in order."""

    layers: tuple[Layer, ...]

    @property
    def shapes(self) -> tuple[LayerShape, ...]:
        return tuple(layer.shape for layer in self.layers)

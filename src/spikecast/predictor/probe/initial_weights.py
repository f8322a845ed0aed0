"""The weights that torch draws for an untrained network, without torch.

torch draws them with the Mersenne Twister, 24 bits of one 32-bit number for every float32, and scales them in one
fused multiplication and addition. Where a processor has none (x86 before AVX2), torch rounds twice, and some of its
weights lie one unit in the last place from these.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from spikecast._util.arrays import Floats
from spikecast.architecture import LayerShape
from spikecast.choices import TrainingChoices

_BITS = 24
#: Width of the kernel through which a convolution's own spikes come back to it.
_RECURRENT_KERNEL = 3


class TorchDraws:
    """Uniform numbers as torch's generator on the CPU gives them after ``torch.manual_seed(seed)``, seed below 2^32."""

    def __init__(self, seed: int) -> None:
        self._twister = np.random.RandomState(seed)

    def uniform(self, shape: tuple[int, ...], low: float, high: float) -> Floats:
        """What ``torch.empty(shape).uniform_(low, high)`` would hold, float32."""
        drawn = self._twister.randint(0, 2**32, size=shape, dtype=np.uint32)
        share = (drawn & np.uint32(2**_BITS - 1)) * 2.0**-_BITS
        first, last = np.float32(low), np.float32(high)
        # The product of two float32 is exact in float64, so rounding happens once, as in a fused operation.
        share *= np.float64(last - first)
        share += np.float64(first)
        return share.astype(np.float32)


@dataclass(frozen=True)
class InitialWeights:
    """Weights of synapses from one layer to another, or to itself.

    Attributes:
        drawn: float32[out_channels, in_channels, kernel, kernel] of a convolution, float32[neurons, inputs] of a
            fully connected layer, as torch holds them.
        used: those that currents come from: ``drawn``, rounded if weights have 4 or 8 bits.
        bias: float32[out_channels]; empty where batch norm follows, which would take it away.
    """

    drawn: Floats
    used: Floats
    bias: Floats


def initial_weights(choices: TrainingChoices, draws: TorchDraws) -> list[tuple[InitialWeights, InitialWeights | None]]:
    """Draw the untrained weights of ``choices``, layer by layer in the order in which torch does.

    Args:
        choices: training choices; their seed is not looked at.
        draws: where the numbers come from.

    Returns:
        For each layer its synapses, and those from its own spikes back to it, None where it is not recurrent.
    """
    return [_layer(shape, choices.weight_bits, draws) for shape in choices.layers]


def _layer(shape: LayerShape, bits: int, draws: TorchDraws) -> tuple[InitialWeights, InitialWeights | None]:
    outputs = shape.out_channels
    convolution = shape.kind == "conv"
    size = (outputs, shape.in_channels, shape.kernel, shape.kernel) if convolution else (outputs, shape.inputs)
    synapses = _synapses(size, bits, draws, bias=shape.pool == 1)
    if not shape.recurrent:
        return synapses, None
    back = (outputs, outputs, _RECURRENT_KERNEL, _RECURRENT_KERNEL) if convolution else (outputs, outputs)
    return synapses, _synapses(back, bits, draws, bias=True)


def _synapses(size: tuple[int, ...], bits: int, draws: TorchDraws, *, bias: bool) -> InitialWeights:
    """``reset_parameters`` of torch's Conv2d and Linear: Kaiming's uniform weights with a = sqrt(5)."""
    fan_in = math.prod(size[1:])
    bound = math.sqrt(3.0) * (math.sqrt(2.0 / (1.0 + math.sqrt(5.0) ** 2)) / math.sqrt(fan_in))
    drawn = draws.uniform(size, -bound, bound)
    limit = 1.0 / math.sqrt(fan_in)
    return InitialWeights(
        drawn=drawn,
        used=drawn if bits == 32 else _rounded(drawn, bits),
        bias=draws.uniform(size[:1] if bias else (0,), -limit, limit),
    )


def _rounded(weights: Floats, bits: int) -> Floats:
    """Integers of ``bits`` times a scale of each output channel, as quantization-aware training rounds weights."""
    most = np.float32(2 ** (bits - 1) - 1)
    flat = weights.reshape(len(weights), -1)
    scale = np.abs(flat).max(axis=1, keepdims=True) / most
    steps = np.clip(np.rint(flat * (np.float32(1) / scale)), -most, most)
    rounded: Floats = (steps * scale).reshape(weights.shape)
    return rounded

"""Quantization-aware training: weights rounded in the forward pass, one scale per output channel."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils import parametrize


class FakeQuantize(nn.Module):
    """Round a weight to ``bits`` wide signed integers times its output channel's scale, max|w| / (2^(bits-1) - 1)."""

    def __init__(self, bits: int) -> None:
        super().__init__()
        self.limit = 2 ** (bits - 1) - 1

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        scale = self._scale(weight)
        zero = torch.zeros_like(scale, dtype=torch.int32)
        return torch.fake_quantize_per_channel_affine(weight, scale, zero, 0, -self.limit, self.limit)

    def integers(self, weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The integers (int8, shape of ``weight``) and scales (float32, one per output channel) behind ``forward``."""
        scale = self._scale(weight)
        steps = self(weight) / scale.reshape(-1, *[1] * (weight.dim() - 1))
        return steps.round().to(torch.int8), scale

    def _scale(self, weight: torch.Tensor) -> torch.Tensor:
        largest = weight.detach().flatten(1).abs().amax(dim=1)
        scale: torch.Tensor = torch.clamp(largest, min=torch.finfo(weight.dtype).tiny * self.limit) / self.limit
        return scale


def quantize_weights(synapse: nn.Module, bits: int) -> None:
    """Make ``synapse.weight`` its quantized self; the float weight stays the trained parameter."""
    parametrize.register_parametrization(synapse, "weight", FakeQuantize(bits))

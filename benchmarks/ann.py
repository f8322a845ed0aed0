"""A network of the same shape with ReLU for neurons: what the arithmetic costs without any spiking."""

from __future__ import annotations

import torch
from torch import nn

from spikecast.choices import TrainingChoices


class FoldedTime(nn.Module):
    """Run a network on all timesteps at once, as further samples."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        folded = frames.transpose(0, 1).float()
        outputs: torch.Tensor = self.network(folded.flatten(0, 1))
        return outputs.unflatten(0, folded.shape[:2])


def ann_of(choices: TrainingChoices) -> nn.Module:
    """The network of ``choices`` with ReLU, frames [samples, timesteps, ...] to [timesteps, samples, outputs]."""
    parts: list[nn.Module] = []
    for shape in choices.layers:
        if shape.kind == "conv":
            normed = shape.pool > 1
            parts.append(
                nn.Conv2d(shape.in_channels, shape.out_channels, shape.kernel, padding="same", bias=not normed)
            )
            parts += [nn.BatchNorm2d(shape.out_channels)] if normed else []
            parts += [nn.ReLU(), nn.MaxPool2d(shape.pool)] if normed else [nn.ReLU()]
        else:
            parts += [] if any(isinstance(part, nn.Flatten) for part in parts) else [nn.Flatten()]
            parts += [nn.Linear(shape.inputs, shape.out_channels), nn.ReLU()]
    return FoldedTime(nn.Sequential(*parts))

"""The same network in SpikingJelly's multi-step mode; an optional peer that nothing else uses."""

from __future__ import annotations

import torch
from torch import nn

from spikecast.choices import TrainingChoices


def spikingjelly_of(choices: TrainingChoices) -> nn.Module | None:
    """The network of ``choices``, frames [samples, timesteps, ...] to [timesteps, samples, outputs].

    None where SpikingJelly is not installed. Its leaky neuron resets in the timestep of the spike, snnTorch's one
    later: the arithmetic is the same, spikes differ.
    """
    try:
        from spikingjelly.activation_based import functional, layer, neuron, surrogate
    except ModuleNotFoundError:
        return None

    def leaky() -> nn.Module:
        return neuron.LIFNode(
            tau=1 / (1 - choices.beta),
            decay_input=False,
            v_threshold=choices.threshold,
            v_reset=None,
            detach_reset=True,
            surrogate_function=surrogate.ATan(alpha=choices.slope),
            step_mode="m",
        )

    parts: list[nn.Module] = []
    for shape in choices.layers:
        if shape.kind == "conv":
            normed = shape.pool > 1
            parts.append(
                layer.Conv2d(
                    shape.in_channels, shape.out_channels, shape.kernel, padding="same", bias=not normed, step_mode="m"
                )
            )
            parts += [layer.BatchNorm2d(shape.out_channels, step_mode="m")] if normed else []
            parts.append(leaky())
            parts += [layer.MaxPool2d(shape.pool, step_mode="m")] if normed else []
        else:
            parts += [] if any(isinstance(part, layer.Flatten) for part in parts) else [layer.Flatten(step_mode="m")]
            parts += [layer.Linear(shape.inputs, shape.out_channels, step_mode="m"), leaky()]
    network = nn.Sequential(*parts)

    class FromRest(nn.Module):
        """Every batch starts from rest."""

        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, frames: torch.Tensor) -> torch.Tensor:
            functional.reset_net(self.network)
            outputs: torch.Tensor = self.network(frames.transpose(0, 1).float())
            return outputs

    return FromRest()

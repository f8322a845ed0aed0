"""Networks and modules that the accelerator cannot represent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import snntorch
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import prune

from spikecast.snn.quantize import quantize_weights

from .live_networks import leaky, small_net


def conv(*middle: nn.Module, inputs: int = 108) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(2, 3, 3), *middle, nn.Flatten(), nn.Linear(inputs, 4), leaky())


def conv_of(**options: Any) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(2, 4, **{"kernel_size": 3, **options}), leaky())


def pool_of(**options: Any) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(2, 3, 3), leaky(), nn.MaxPool2d(**options))


def recurrent_of(recurrent: nn.Module, *synapses: nn.Module) -> nn.Sequential:
    cell = snntorch.RLeaky(beta=0.5, linear_features=4, init_hidden=True)
    cell.recurrent = recurrent
    return nn.Sequential(*(synapses or (nn.Flatten(), nn.Linear(128, 4))), cell)


class Written(nn.Module):
    """Two layers with something written by hand between them."""

    def __init__(
        self, between: Callable[..., Any], inputs: int = 108, encode: Callable[..., Any] | None = None
    ) -> None:
        super().__init__()
        self.conv1, self.lif1, self.between, self.encode = nn.Conv2d(2, 3, 3), leaky(), between, encode or keep
        self.fc1, self.lif2 = nn.Linear(inputs, 4), leaky()

    def forward(self, frame: torch.Tensor) -> torch.Tensor:
        spikes: torch.Tensor = self.lif2(self.fc1(self.between(self.lif1(self.conv1(self.encode(frame)))).flatten(1)))
        return spikes


class WithStates(nn.Module):
    """A layer whose states are made by ``first`` and changed by ``then``."""

    def __init__(self, first: Callable[..., Any], then: Callable[..., Any], steps: int = 0) -> None:
        super().__init__()
        self.fc1, self.lif1, self.first, self.then, self.steps = (
            nn.Linear(128, 4),
            leaky(init_hidden=False),
            first,
            then,
            steps,
        )

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        membrane = self.first(torch.zeros(frames.size(1), 4))
        for step in range(self.steps or frames.size(0)):
            spikes, membrane = self.lif1(self.fc1(frames[step].flatten(1)), membrane)
            membrane = self.then(membrane)
        return spikes


class KeepsItsState(nn.Module):
    """Keeps a membrane of its own from call to call."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.lif1, self.membrane = nn.Linear(128, 4), leaky(init_hidden=False), torch.ones(2, 4)

    def forward(self, frame: torch.Tensor) -> torch.Tensor:
        spikes, self.membrane = self.lif1(self.fc1(frame.flatten(1)), self.membrane)
        return spikes


class KeepsAnswers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net, self.answers = small_net(), [torch.ones(1, requires_grad=True) * 2]

    def forward(self, frame: torch.Tensor) -> torch.Tensor:
        self.answers.append(self.net(frame))
        return self.answers[-1]


class RepeatsOneFrame(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.lif1 = nn.Linear(128, 4), leaky()

    def forward(self, frame: torch.Tensor) -> torch.Tensor:
        return torch.stack([self.lif1(self.fc1(frame.flatten(1))) for _ in range(25)])


class ReadsOutAtTheEnd(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.lif1, self.readout = nn.Linear(128, 4), leaky(), nn.Linear(4, 2)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        answer: torch.Tensor = self.readout(sum(self.lif1(self.fc1(frame.flatten(1))) for frame in frames))
        return answer


class TwoStates(nn.Module):
    def forward(self, frame: torch.Tensor, membrane: torch.Tensor) -> torch.Tensor:
        return frame * membrane


class MyLinear(nn.Linear):
    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return 2 * super().forward(inputs)


class AlwaysDrops(nn.Dropout):
    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return functional.dropout(inputs, 0.5, training=True)


def hooked() -> nn.Sequential:
    net = small_net()
    net[0].register_forward_hook(lambda *_: None)
    return net


def diverged() -> nn.Sequential:
    net = small_net()
    net[5].weight.data[0, 0] = torch.nan
    return net


def pruned() -> nn.Sequential:
    net = small_net()
    prune.random_unstructured(net[5], "weight", 0.5)
    return net


def of_bits(first: int, second: int) -> nn.Sequential:
    net = small_net()
    for part, bits in ((net[0], first), (net[5], second)):
        if bits < 32:
            quantize_weights(part, bits)
    return net


def shared_neurons() -> nn.Sequential:
    cell = leaky()
    return nn.Sequential(nn.Flatten(), nn.Linear(128, 4), cell, nn.Linear(4, 4), cell)


def other_reset() -> nn.Sequential:
    net = small_net()
    net[2].reset_mechanism = "zero"
    return net


def inhibited() -> nn.Sequential:
    net = small_net()
    net[6].inhibition = True
    return net


def soft(membrane: torch.Tensor) -> torch.Tensor:
    return torch.sigmoid(membrane)


def keep(value: torch.Tensor) -> torch.Tensor:
    return value


def own_weights(weights: torch.Tensor) -> nn.Module:
    return snntorch.RLeaky(beta=0.5, V=weights, all_to_all=False, init_hidden=True)


def quantized_but_its_recurrence() -> nn.Sequential:
    net = recurrent_of(nn.Linear(4, 4))
    quantize_weights(net[1], 4)
    return net


class Encodes(nn.Module):
    def forward(self, frame: torch.Tensor) -> torch.Tensor:
        return 0.5 * frame


class Branches(nn.Module):
    """A second path around the middle layer."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.lif1, self.fc2, self.lif2 = nn.Linear(128, 8), leaky(), nn.Linear(8, 8), leaky()

    def forward(self, frame: torch.Tensor) -> torch.Tensor:
        spikes = self.lif1(self.fc1(frame.flatten(1)))
        answer: torch.Tensor = self.lif2(self.fc2(spikes + frame.flatten(1)[:, :8]))
        return answer


class ModifiedLeaky(snntorch.Leaky):
    def mem_reset(self, mem: torch.Tensor) -> torch.Tensor:
        return torch.zeros_like(mem)

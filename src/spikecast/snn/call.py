"""One run of one module of a live network."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

from spikecast.snn.module_names import label


@dataclass(frozen=True)
class Call:
    """One run of one innermost module.

    Attributes:
        name: dotted name in the network.
        module: a copy of the network's.
        inputs: [samples, ...].
        output: [samples, ...], the first if there are several.
        before: a neuron's state as it entered the run, whether passed or kept from the last one.
        after: its state as the run left it.
    """

    name: str
    module: nn.Module
    inputs: torch.Tensor
    output: torch.Tensor
    before: dict[str, torch.Tensor]
    after: dict[str, torch.Tensor]

    @property
    def label(self) -> str:
        """Type and dotted name, for errors."""
        return label(self.module, self.name)


def same_values(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether samples hold the same values in the same order, in frames of any shape."""
    flat = (values.reshape(*values.shape[:1], -1) for values in (one, other))
    return one.shape[:1] == other.shape[:1] and torch.equal(*flat)

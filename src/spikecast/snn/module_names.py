"""How a live network's modules are named, and which of them are neurons."""

from __future__ import annotations

from collections.abc import Iterator

import snntorch
from torch import nn
from torch.nn.utils import parametrize


def label(module: nn.Module, name: str) -> str:
    """A module as errors name it."""
    return f"{plain_type(module).__name__} {name}".strip()


def plain_type(module: nn.Module) -> type[nn.Module]:
    """The type that a module had before a parametrization changed it."""
    return type(module).__bases__[0] if parametrize.is_parametrized(module) else type(module)


def is_neuron(module: nn.Module) -> bool:
    """Whether it is one of snnTorch's neurons, or made from one."""
    return isinstance(module, snntorch.SpikingNeuron) or type(module).__module__.startswith("snntorch._neurons")


def leaves(module: nn.Module, name: str = "") -> Iterator[tuple[str, nn.Module]]:
    """The innermost modules with their dotted names; what a neuron or a parametrized module is made of is its own."""
    children = list(module.named_children())
    if not children or is_neuron(module) or parametrize.is_parametrized(module):
        yield name, module
        return
    for child_name, child in children:
        yield from leaves(child, f"{name}.{child_name}".lstrip("."))

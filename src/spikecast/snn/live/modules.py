"""The innermost modules of a live network: their names, which of them are neurons, and one run of one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import snntorch
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import parametrize
from torch.overrides import TorchFunctionMode

#: Pools that run as functions, and the modules that do the same with the same settings.
_POOLS: dict[Callable[..., Any], type[nn.Module]] = {
    functional.max_pool2d: nn.MaxPool2d,
    functional.avg_pool2d: nn.AvgPool2d,
    functional.adaptive_avg_pool2d: nn.AdaptiveAvgPool2d,
}


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


class FunctionalPools(TorchFunctionMode):
    """Notes pools that a module's own code runs as functions, as calls of the modules that do the same."""

    def __init__(self, calls: list[Call], running: list[str]) -> None:
        """Append to ``calls`` while no innermost module, which may pool itself, is ``running``."""
        super().__init__()
        self.calls, self.running = calls, running

    def __torch_function__(
        self, function: Callable[..., Any], _types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        """Run a function of torch, and note it if it is a pool."""
        settings = kwargs or {}
        output = function(*args, **settings)
        if args and function in _POOLS and not self.running:
            pool = _POOLS[function](*args[1:], **settings)
            self.calls.append(Call("", pool, args[0].clone(), output.clone(), {}, {}))
        return output


def leaves(module: nn.Module, name: str = "") -> Iterator[tuple[str, nn.Module]]:
    """The innermost modules with their dotted names; what neurons, synapses or a parametrization hold is their own."""
    children = list(module.named_children())
    synapses = isinstance(module, (nn.Conv2d, nn.Linear))
    if not children or synapses or is_neuron(module) or parametrize.is_parametrized(module):
        yield name, module
        return
    for child_name, child in children:
        yield from leaves(child, f"{name}.{child_name}".lstrip("."))


def unwrapped(module: nn.Module) -> nn.Module:
    """The module behind torch.compile, DataParallel or DistributedDataParallel, which run it as it is."""
    compiled = module._modules.get("_orig_mod")
    if compiled is not None:
        return unwrapped(compiled)
    wrappers = (nn.DataParallel, nn.parallel.DistributedDataParallel)
    return unwrapped(module.module) if isinstance(module, wrappers) else module


def label(module: nn.Module, name: str) -> str:
    """A module as errors name it."""
    return f"{plain_type(module).__name__} {name}".strip()


def plain_type(module: nn.Module) -> type[nn.Module]:
    """The type that a module had before a parametrization changed it."""
    return type(module).__bases__[0] if parametrize.is_parametrized(module) else type(module)


def is_neuron(module: nn.Module) -> bool:
    """Whether it is one of snnTorch's neurons, or made from one."""
    return isinstance(module, snntorch.SpikingNeuron) or type(module).__module__.startswith("snntorch._neurons")


def same_values(first: torch.Tensor, second: torch.Tensor) -> bool:
    """Whether samples hold the same values in the same order, in frames of any shape."""
    flat = (values.reshape(*values.shape[:1], -1) for values in (first, second))
    return first.shape[:1] == second.shape[:1] and torch.equal(*flat)

"""A copy of a live module to be read: float32, in evaluation, with plain weights."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import snntorch
import torch
from torch import nn
from torch.nn.utils import parametrize

from spikecast.errors import InputError, one_line
from spikecast.snn.live.modules import is_neuron, plain_type, unwrapped
from spikecast.snn.quantize import FakeQuantize

#: What a class has by being one, or that runs before its steps do.
_EVERY_CLASS_HAS = {
    *("__init__", "__module__", "__qualname__", "__doc__", "__annotations__", "__annotate_func__"),
    *("__annotations_cache__", "__firstlineno__", "__static_attributes__"),
}


def frozen_copy(module: nn.Module) -> nn.Module:
    """A float32 copy on the processor, in evaluation, without wrappers.

    A parametrization that is not ours becomes plain weights, modules in plain lists become children, and an own class
    of neurons that leaves snnTorch's as it is becomes that one.

    Raises:
        InputError: the module has no weights yet, or cannot be copied.
    """
    if any(nn.parameter.is_lazy(parameter) for parameter in module.parameters()):
        raise InputError(f"{type(module).__name__} has lazy modules without weights: run it once first")
    # Tensors that a training step computed, such as a hidden membrane, cannot be deep-copied: copy them beforehand.
    kept = (value for part in module.modules() for value in (*vars(part).values(), *part.buffers(recurse=False)))
    computed = [value for value in kept if isinstance(value, torch.Tensor) and not value.is_leaf]
    try:
        copied = deepcopy(module, {id(value): value.detach().clone() for value in computed})
    except Exception as error:
        raise InputError(
            f"{type(module).__name__} cannot be copied to be read ({one_line(error)}): detach the tensors that it keeps"
        ) from error
    for part in list(copied.modules()):
        part._modules.update({name: unwrapped(child) for name, child in part._modules.items() if child})
    _register_kept_apart(copied)
    copied = copied.cpu().float().eval()
    for part in filter(is_neuron, copied.modules()):
        _make_stock(part)
    for part in filter(parametrize.is_parametrized, list(copied.modules())):
        if not _quantized(part):
            _make_plain(part)
    return copied


def _register_kept_apart(module: nn.Module) -> None:
    """Make modules that lie in plain lists, tuples and dictionaries, which torch does not see, children."""
    known = set(module.modules())
    for part in list(known):
        for name, kept in vars(part).items():
            if isinstance(kept, (list, tuple, dict)) and name != "_modules":
                for place, child in _modules_in(kept, name):
                    if child not in known:
                        part._modules[place] = unwrapped(child)
                        known.update(child.modules())
                        _register_kept_apart(child)


def _modules_in(kept: Any, name: str) -> Iterator[tuple[str, nn.Module]]:
    if isinstance(kept, nn.Module):
        yield name, kept
    elif isinstance(kept, (list, tuple, dict)):
        for key, value in kept.items() if isinstance(kept, dict) else enumerate(kept):
            yield from _modules_in(value, f"{name}.{key}")


def _make_stock(neuron: nn.Module) -> None:
    """Give a neuron of an own class snnTorch's class, if all that its steps use is that one's."""
    own = type(neuron)
    stock = next((kind for kind in own.__mro__ if kind.__module__.startswith(snntorch.__name__)), own)
    added = {name for kind in own.__mro__[: own.__mro__.index(stock)] for name in vars(kind)} - _EVERY_CLASS_HAS
    held = {*vars(neuron), *neuron._parameters, *neuron._buffers, *neuron._modules}
    covered = {name for name in vars(neuron) if callable(getattr(stock, name, None))}
    if not covered and not any(hasattr(stock, name) or name in held for name in added):
        neuron.__class__ = stock


def _quantized(module: Any) -> bool:
    """Whether its weight is ours to leave as integers."""
    if not parametrize.is_parametrized(module, "weight"):
        return False
    return [type(step) for step in module.parametrizations["weight"]] == [FakeQuantize]


def _make_plain(module: Any) -> None:
    """Put what the parametrizations compute in their place; torch's own way out changes the original's class too."""
    computed = {name: getattr(module, name).detach().clone() for name in module.parametrizations}
    module.__class__ = plain_type(module)
    del module.parametrizations
    for name, values in computed.items():
        module.register_parameter(name, nn.Parameter(values))

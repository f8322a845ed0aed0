"""A copy of a live module to be read: float32, in evaluation, with plain weights."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import torch
from torch import nn
from torch.nn.utils import parametrize

from spikecast.errors import InputError, one_line
from spikecast.snn.live.modules import plain_type
from spikecast.snn.quantize import FakeQuantize


def frozen_copy(module: nn.Module) -> nn.Module:
    """A float32 copy on the processor, in evaluation; a parametrization that is not ours becomes plain weights.

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
    copied = copied.cpu().float().eval()
    for part in filter(parametrize.is_parametrized, list(copied.modules())):
        if not _quantized(part):
            _make_plain(part)
    return copied


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

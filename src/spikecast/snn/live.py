"""A live snnTorch module as the accelerator's network: nothing is guessed, what cannot be read is refused by name.

What the module runs in one timestep must be a chain of layers. A layer is synapses (Conv2d or Linear), perhaps
BatchNorm, neurons, and perhaps MaxPool2d behind a convolution's neurons. Dropout, Flatten and Identity may stand
anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import snntorch
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn.utils import parametrize

from spikecast.accelerator.network import Layer, Network, Neuron, Recurrent
from spikecast.architecture import LayerShape
from spikecast.errors import InputError
from spikecast.snn.call_trace import (
    Call,
    frozen_copy,
    is_neuron,
    label,
    leaves,
    plain_type,
    recorded_chain,
    same_values,
)
from spikecast.snn.export import export
from spikecast.snn.fold import folded_synapses
from spikecast.snn.network import SpikingNetwork
from spikecast.snn.neuron_export import exported_neuron, refuse_unlike

_ALLOWED = (
    "allowed: Conv2d or Linear, BatchNorm directly behind it, a snnTorch neuron, MaxPool2d behind the neurons of a "
    "convolution; Dropout, Flatten and Identity anywhere"
)
_PASSING = (nn.modules.dropout._DropoutNd, nn.Identity, nn.Flatten, nn.Unflatten)
_READ = (nn.Conv2d, nn.Linear, nn.BatchNorm1d, nn.BatchNorm2d, nn.MaxPool2d)
_FRACTIONS = "turns spikes into fractions, and the accelerator's are 0 or 1: use MaxPool2d behind the neurons"
#: A part of a type's name, looked for in this order, and why such a module is refused.
_REASONS = {
    "AvgPool": _FRACTIONS,
    "LPPool": _FRACTIONS,
    "Pool": "is a pool that the accelerator does not have: use MaxPool2d behind the neurons of a convolution",
    "Conv": "is a convolution that the accelerator does not have: use Conv2d",
    "Norm": "cannot be folded into weights: use BatchNorm2d or BatchNorm1d directly behind the synapses",
}
#: snnTorch settles how a neuron resets when it is made; setting ``reset_mechanism`` later has no effect on it.
_RESETS_THAT_RUN = {"_base_sub": "subtract", "_base_zero": "zero", "_base_int": "none"}
_BITS_OF_LIMIT = {7: 4, 127: 8}


@dataclass
class _Part:
    """The modules of one layer."""

    synapse: Call
    norm: Call | None = None
    neuron: Call | None = None
    pool: Call | None = None


def network_of(module: Any, frame_shape: tuple[int, ...]) -> Network:
    """Read a live module as it is: order, weights, running statistics of batch norm, neurons.

    The order is found by running a copy on random spikes, in evaluation and from zero state; the module itself is
    left alone. Its forward takes spikes alone: one timestep [samples, ...], or a whole sequence to loop over.

    Args:
        module: a torch module with snnTorch 1.0.0 neurons, or a ``SpikingNetwork``.
        frame_shape: one sample's frame at one timestep, (channels, height, width) or (inputs,).

    Raises:
        InputError: the accelerator cannot represent the module; the message names the part and says why.
    """
    if not isinstance(module, nn.Module):
        raise InputError(
            f"a {type(module).__name__} cannot be read as a network: allowed: a spikecast.accelerator.Network, or a "
            "torch module with snnTorch neurons"
        )
    if isinstance(module, SpikingNetwork):
        return export(module)
    if len(frame_shape) not in (1, 3):
        raise InputError(
            f"frames of shape {frame_shape} cannot be read: allowed: (channels, height, width) or (inputs,) a timestep"
        )
    frozen = frozen_copy(module)
    for name, leaf in leaves(frozen):
        _refuse_unreadable(leaf, name)
    layers: list[Layer] = []
    bits: dict[int, str] = {}
    for part in _parts(recorded_chain(frozen, frame_shape), type(module).__name__):
        layers.append(_layer(part, tuple(layer.shape for layer in layers), frame_shape))
        bits |= {_bits(synapse, named): named for named, synapse in _stored_weights(part)}
    if len(bits) > 1:
        mixed = " and ".join(f"{width} in {named}" for width, named in sorted(bits.items()))
        raise InputError(f"the network has weights of different bits ({mixed}): quantise all synapses alike")
    return Network(tuple(layers), weight_bits=min(bits))


def _refuse_unreadable(leaf: nn.Module, name: str) -> None:
    """Refuse what computes something else than its type says, or no numbers."""
    if is_neuron(leaf):
        refuse_unlike(leaf, name)
        if type(leaf) is not getattr(snntorch, type(leaf).__name__):
            raise InputError(f"{label(leaf, name)} is not snnTorch's own class: use that itself")
    for part in leaf.modules():
        if part._forward_hooks or part._forward_pre_hooks or "forward" in vars(part):
            raise InputError(
                f"{label(leaf, name)} has hooks, which may change what it computes: remove them; a pruned or normed "
                "weight becomes permanent with torch.nn.utils.prune.remove or remove_weight_norm"
            )
        if not is_neuron(part) and not all(bool(values.isfinite().all()) for values in part.state_dict().values()):
            raise InputError(
                f"{label(leaf, name)} has values that are not finite: its training diverged, train it anew"
            )


def _parts(chain: list[Call], network: str) -> list[_Part]:
    """Group a timestep's calls into layers."""
    parts: list[_Part] = []
    for call in chain:
        last = parts[-1] if parts else None
        kind = plain_type(call.module)
        if isinstance(call.module, _PASSING) and same_values(call.inputs, call.output):
            continue
        if kind in (nn.Conv2d, nn.Linear):
            if last and last.neuron is None:
                raise InputError(
                    f"{last.synapse.label} leads to {call.label} without neurons between them: the accelerator has "
                    "neurons behind all synapses; put a snnTorch neuron there"
                )
            parts.append(_Part(call))
        elif is_neuron(call.module):
            if last is None or last.neuron:
                raise InputError(f"{call.label} has no synapses in front of it: put a Conv2d or Linear there")
            last.neuron = call
        elif kind in (nn.BatchNorm1d, nn.BatchNorm2d):
            if last is None or last.neuron or last.norm:
                raise InputError(
                    f"{call.label} is not directly behind a Conv2d or Linear, so it cannot be folded into weights: "
                    "put it between synapses and neurons"
                )
            last.norm = call
        elif kind is nn.MaxPool2d:
            if last is None or last.neuron is None or last.pool:
                raise InputError(f"{call.label} {_pool_reason(last)}")
            last.pool = call
        else:
            raise InputError(f"{call.label} {_reason(call.module)}")
    if not parts:
        raise InputError(f"{network} runs no synapses and no neurons: {_ALLOWED}")
    if parts[-1].neuron is None:
        raise InputError(
            f"{network} ends in {parts[-1].synapse.label} without neurons: the accelerator has neurons behind all "
            "synapses; put a snnTorch neuron behind it"
        )
    return parts


def _pool_reason(last: _Part | None) -> str:
    """Why a max-pool cannot stand where it does."""
    if last is None:
        return "pools the input, in front of all synapses: pool the recordings instead"
    if last.pool:
        return f"pools what {last.pool.label} has pooled: use one pool as wide as both"
    return "pools currents, in front of the neurons, and the accelerator pools spikes: move it behind the neurons"


def _reason(module: nn.Module) -> str:
    """Why a module that is part of no layer is refused."""
    if isinstance(module, _READ):
        return "may compute something else than the class it is made from: use that class itself"
    if isinstance(module, _PASSING):
        return "changes values in evaluation: remove it"
    if type(module).__module__ == nn.modules.activation.__name__:
        return "is an activation function, and the accelerator has none but spiking neurons: remove it"
    name = type(module).__name__
    return next((reason for part, reason in _REASONS.items() if part in name), f"cannot be read: {_ALLOWED}")


def _layer(part: _Part, before: tuple[LayerShape, ...], frame_shape: tuple[int, ...]) -> Layer:
    """Read one layer; ``before`` are the layers that lie before it."""
    assert part.neuron is not None
    conv = isinstance(part.synapse.module, nn.Conv2d)
    shape = _conv_shape(part, before) if conv else _fc_shape(part, before, frame_shape)
    shape = replace(shape, recurrent=isinstance(part.neuron.module, snntorch.RLeaky))
    synapses = folded_synapses(part.synapse.module, _norm(part, shape))
    recurrent = _recurrent(part.neuron, shape) if shape.recurrent else None
    return Layer(shape, synapses.weights, synapses.bias, _neuron(part.neuron), synapses.scale, recurrent)


def _fc_shape(part: _Part, before: tuple[LayerShape, ...], frame_shape: tuple[int, ...]) -> LayerShape:
    entered = list(part.synapse.inputs.shape[1:])
    if len(entered) != 1:
        raise InputError(
            f"{part.synapse.label} gets frames of {entered} and works along their last axis alone: put nn.Flatten() in "
            "front of it"
        )
    if part.pool:
        raise InputError(f"{part.pool.label} pools fully connected neurons, which do not lie in a map: remove it")
    channels, height, width = _left_by(before[-1]) if before else (1, 1, *frame_shape)[-3:]
    return LayerShape(_name("fc", before), "fc", channels, (height, width), part.synapse.output.shape[1])


def _conv_shape(part: _Part, before: tuple[LayerShape, ...]) -> LayerShape:
    conv: Any = part.synapse.module
    channels, height, width = entered = tuple(part.synapse.inputs.shape[1:])
    if before and entered != _left_by(before[-1]):
        raise InputError(
            f"{part.synapse.label} gets frames of {list(entered)}, reshaped from {list(_left_by(before[-1]))}: the "
            "accelerator's convolution takes the maps of the one in front of it as they are"
        )
    _refuse_conv(conv, part.synapse.label, strides=(1, 2))
    if part.pool:
        _refuse_pool(part.pool.module, part.pool.label)
    kernel, margin = conv.kernel_size[0], _margins(conv)[0]
    return LayerShape(
        _name("conv", before),
        "conv",
        channels,
        (height, width),
        conv.out_channels,
        kernel=kernel,
        pool=_pair(part.pool.module.kernel_size)[0] if part.pool else 1,
        stride=conv.stride[0],
        padding=None if margin == kernel // 2 else margin,
    )


def _name(kind: str, before: tuple[LayerShape, ...]) -> str:
    return f"{kind}{1 + sum(shape.kind == kind for shape in before)}"


def _left_by(shape: LayerShape) -> tuple[int, int, int]:
    """(channels, height, width) of what leaves a layer; a fully connected layer's neurons are one row."""
    return (shape.out_channels, *shape.out_size) if shape.kind == "conv" else (1, 1, shape.out_channels)


def _refuse_conv(conv: Any, named: str, strides: tuple[int, ...]) -> None:
    kernel, stride = conv.kernel_size, conv.stride
    _refuse_settings(
        conv,
        named,
        kernel_size=(kernel[0] == kernel[1] and kernel[0] % 2 == 1, "an odd square one"),
        stride=(stride[0] == stride[1] and stride[0] in strides, " or ".join(map(str, strides))),
        padding=(len(set(_margins(conv))) == 1, "the same in both axes"),
        dilation=(conv.dilation == (1, 1), "1"),
        groups=(conv.groups == 1, "1"),
        padding_mode=(conv.padding_mode == "zeros", "zeros"),
    )


def _refuse_pool(pool: Any, named: str) -> None:
    kernel = _pair(pool.kernel_size)
    _refuse_settings(
        pool,
        named,
        kernel_size=(kernel[0] == kernel[1], "a square one"),
        stride=(_pair(pool.stride) == kernel, "the kernel's size"),
        padding=(_pair(pool.padding) == (0, 0), "0"),
        dilation=(_pair(pool.dilation) == (1, 1), "1"),
        ceil_mode=(not pool.ceil_mode, "False"),
    )


def _refuse_settings(module: Any, named: str, **settings: tuple[bool, str]) -> None:
    """Refuse the first setting that does not fit; each comes with whether it does and what is allowed."""
    for setting, (fits, allowed) in settings.items():
        if not fits:
            has = f"{named} has {setting}={getattr(module, setting)!r}"
            raise InputError(f"{has}: allowed on the accelerator: {allowed}; train it with that")


def _pair(value: Any) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else tuple(value)


def _margins(conv: Any) -> tuple[int, int]:
    """Zeros around a convolution's input, over and beside it."""
    if conv.padding == "same":
        return (conv.kernel_size[0] // 2, conv.kernel_size[1] // 2)
    return (0, 0) if conv.padding == "valid" else _pair(conv.padding)


def _norm(part: _Part, shape: LayerShape) -> Any:
    """The layer's batch norm, if it has one."""
    if part.norm is None:
        return None
    norm: Any = part.norm.module
    if norm.running_mean is None:
        raise InputError(
            f"{part.norm.label} has no running statistics, so it cannot be folded into weights: train it with "
            "track_running_stats=True"
        )
    if norm.num_features != shape.out_channels:
        raise InputError(
            f"{part.norm.label} norms {norm.num_features} values apart, and {part.synapse.label} has "
            f"{shape.out_channels} channels: use BatchNorm2d directly behind it"
        )
    return norm


def _neuron(call: Call) -> Neuron:
    module: Any = call.module
    neuron = exported_neuron(module, call.name)
    runs = _RESETS_THAT_RUN[module.state_function.__name__]
    if neuron.reset != runs:
        raise InputError(
            f"{call.label} says reset {neuron.reset} but was made with {runs}, which snnTorch goes on with: make the "
            "neuron with the reset you want"
        )
    probe = torch.tensor([-1.0, 0.0, 1e-6, 1.0])
    if not torch.equal(torch.as_tensor(module.spike_grad(probe)).detach().float(), (probe > 0).float()):
        raise InputError(
            f"{call.label} has a spike_grad that is not 1 above the threshold and 0 up to it: the accelerator's spikes "
            "are; use one of snntorch.surrogate"
        )
    return neuron


def _recurrent(call: Call, shape: LayerShape) -> Recurrent:
    """What leads from an RLeaky's spikes back to it."""
    neuron: Any = call.module
    back = neuron.recurrent
    named = label(back, f"{call.name}.recurrent".lstrip("."))
    kind = plain_type(back)
    if kind is snntorch._neurons.rleaky.RecurrentOneToOne:
        return Recurrent(_own_weights(call, back.V, shape), np.zeros(shape.out_channels, np.float32))
    if kind is nn.Linear and shape.kind == "fc":
        order: tuple[int, ...] = (1, 0)
    elif kind is nn.Conv2d and shape.kind == "conv":
        order = (1, 2, 3, 0)
        _refuse_conv(back, named, strides=(1,))
        same = back.kernel_size[0] // 2
        _refuse_settings(back, named, padding=(_margins(back) == (same, same), f"{same}, half the kernel"))
    else:
        raise InputError(
            f"{named} cannot be read: from neurons back to themselves leads a Linear behind a Linear, a Conv2d behind "
            "a Conv2d, or all_to_all=False"
        )
    bias = torch.zeros(shape.out_channels) if back.bias is None else back.bias
    return Recurrent(np.ascontiguousarray(_array(back.weight).transpose(order)), _array(bias))


def _own_weights(call: Call, weights: torch.Tensor, shape: LayerShape) -> NDArray[np.float32]:
    """float32[out_channels] of weights that are one for all neurons or one a channel."""
    all_neurons = torch.as_tensor(weights).float().broadcast_to(call.inputs.shape)
    by_channel = all_neurons.reshape(len(all_neurons), shape.out_channels, -1).transpose(0, 1).flatten(1)
    if not bool((by_channel == by_channel[:, :1]).all()):
        raise InputError(
            f"{call.label} has recurrent weights V of shape {list(weights.shape)}, which differ within a channel: "
            "allowed: one value, one a neuron behind a Linear, or [channels, 1, 1] behind a Conv2d"
        )
    return _array(by_channel[:, 0])


def _array(values: torch.Tensor) -> NDArray[np.float32]:
    array: NDArray[np.float32] = values.detach().numpy().astype(np.float32)
    return array


def _stored_weights(part: _Part) -> Iterator[tuple[str, nn.Module]]:
    """The layer's synapses that have a width in bits, with their names."""
    yield part.synapse.label, part.synapse.module
    back = getattr(part.neuron and part.neuron.module, "recurrent", None)
    if part.neuron and isinstance(back, (nn.Linear, nn.Conv2d)):
        yield label(back, f"{part.neuron.name}.recurrent".lstrip(".")), back


def _bits(synapse: Any, named: str) -> int:
    if not parametrize.is_parametrized(synapse, "weight"):
        return 32
    limit = synapse.parametrizations.weight[0].limit
    if limit not in _BITS_OF_LIMIT:
        raise InputError(f"{named} has weights of -{limit} to {limit}: allowed: weights of 4 or 8 bits, or float ones")
    return _BITS_OF_LIMIT[limit]

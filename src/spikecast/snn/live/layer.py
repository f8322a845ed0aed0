"""One layer of a live module: sizes, weights and neurons, or the setting that the accelerator does not have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import snntorch
import torch
from numpy.typing import NDArray
from torch import nn

from spikecast.accelerator.network import Layer, Neuron, Recurrent, conv_limits
from spikecast.architecture import LayerShape
from spikecast.errors import InputError
from spikecast.snn._export import folded_synapses, recurrent_synapses
from spikecast.snn.live.modules import Call, label, plain_type
from spikecast.snn.neuron_export import exported_neuron

#: snnTorch settles how a neuron resets when it is made; setting ``reset_mechanism`` later has no effect on it.
_RESETS_THAT_RUN = {"_base_sub": "subtract", "_base_zero": "zero", "_base_int": "none"}


@dataclass
class Part:
    """The modules of one layer, as they were run."""

    synapse: Call
    norm: Call | None = None
    neuron: Call | None = None
    pool: Call | None = None


def read_layer(part: Part, before: tuple[LayerShape, ...], frame_shape: tuple[int, ...]) -> Layer:
    """Read one layer.

    Args:
        part: its modules.
        before: the layers that lie before it.
        frame_shape: one sample's frame at one timestep, as it enters the network.

    Raises:
        InputError: a setting that the accelerator does not have.
    """
    assert part.neuron is not None
    conv = isinstance(part.synapse.module, nn.Conv2d)
    shape = _conv_shape(part, before) if conv else _fc_shape(part, before, frame_shape)
    shape = replace(shape, recurrent=isinstance(part.neuron.module, snntorch.RLeaky))
    synapses = folded_synapses(part.synapse.module, _norm(part, shape))
    recurrent = _recurrent(part.neuron, shape) if shape.recurrent else None
    return Layer(shape, synapses.weights, synapses.bias, _neuron(part.neuron), synapses.scale, recurrent)


def _fc_shape(part: Part, before: tuple[LayerShape, ...], frame_shape: tuple[int, ...]) -> LayerShape:
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


def _conv_shape(part: Part, before: tuple[LayerShape, ...]) -> LayerShape:
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
    limits = conv_limits(conv.kernel_size, conv.stride, _margins(conv), conv.dilation, conv.groups, strides)
    _refuse_settings(conv, named, **limits, padding_mode=(conv.padding_mode == "zeros", "zeros"))


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


def _norm(part: Part, shape: LayerShape) -> Any:
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
        return recurrent_synapses(back)
    if kind is nn.Conv2d and shape.kind == "conv":
        _refuse_conv(back, named, strides=(1,))
        same = back.kernel_size[0] // 2
        _refuse_settings(back, named, padding=(_margins(back) == (same, same), f"{same}, half the kernel"))
        return recurrent_synapses(back)
    raise InputError(
        f"{named} cannot be read: from neurons back to themselves leads a Linear behind a Linear, a Conv2d behind a "
        "Conv2d, or all_to_all=False"
    )


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

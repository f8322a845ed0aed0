"""A live snnTorch module as the accelerator's network: nothing is guessed, what cannot be read is refused by name.

What the module runs in one timestep must be a chain of layers. A layer is synapses (Conv2d or Linear), perhaps
BatchNorm, neurons, and perhaps MaxPool2d behind a convolution's neurons. Dropout, Flatten and Identity may stand
anywhere.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import snntorch
from torch import nn
from torch.nn.utils import parametrize

from spikecast.accelerator.network import Layer, Network
from spikecast.errors import InputError
from spikecast.snn._export import export
from spikecast.snn.live.frozen_copy import frozen_copy
from spikecast.snn.live.layer import Part, read_layer
from spikecast.snn.live.modules import Call, is_neuron, label, leaves, plain_type, same_values, unwrapped
from spikecast.snn.live.record import recorded_chain
from spikecast.snn.network import SpikingNetwork
from spikecast.snn.neuron_export import refuse_unlike

_ALLOWED = (
    "allowed: Conv2d or Linear, BatchNorm directly behind it, a snnTorch neuron, MaxPool2d behind the neurons of a "
    "convolution; Dropout, Flatten and Identity anywhere"
)
_PASSING = (nn.modules.dropout._DropoutNd, nn.Identity, nn.Flatten, nn.Unflatten)
_READ = (nn.Conv2d, nn.Linear, nn.BatchNorm1d, nn.BatchNorm2d, nn.MaxPool2d)
_FRACTIONS = "turns spikes into fractions, and the accelerator's are 0 or 1: use MaxPool2d behind the neurons"
_ANEW = "and train it anew, since that is another network"
#: A part of a type's name, looked for in this order, and why such a module is refused.
_REASONS = {
    "AvgPool": _FRACTIONS,
    "LPPool": _FRACTIONS,
    "Pool": "is a pool that the accelerator does not have: use MaxPool2d behind the neurons of a convolution",
    "Conv": "is a convolution that the accelerator does not have: use Conv2d",
    "Norm": "cannot be folded into weights: use BatchNorm2d or BatchNorm1d directly behind the synapses",
}
_BITS_OF_LIMIT = {7: 4, 127: 8}
#: The version of snnTorch whose spikes and membranes the tests compare, bit for bit.
_COMPARED_WITH = "1.0.0"


def network_of(
    module: Any,
    frame_shape: tuple[int, ...],
    timesteps: int = 3,
    samples: int = 2,
    *,
    order_known: bool = True,
) -> Network:
    """Read a live module as it is: order, weights, running statistics of batch norm, neurons.

    The order is found by running a copy on random spikes, in evaluation and from zero state; the module itself is
    left alone. Its forward takes spikes alone: one timestep [samples, ...], or a whole sequence to loop over.

    Args:
        module: a torch module with snnTorch neurons, or a ``SpikingNetwork``.
        frame_shape: one sample's frame at one timestep, (channels, height, width) or (inputs,).
        timesteps: of the sequences that it will run, for a module whose forward loops over a fixed number.
        samples: of the batches that it will run, for a module that has their number written in.
        order_known: whether somebody said which axis of the spikes is time.

    Warns:
        UserWarning: nobody said so, and the module takes [timesteps, samples, ...] while spikes are expected samples
            first.
        UserWarning: snnTorch is not 1.0.0, the version whose spikes are known to be the accelerator's.

    Raises:
        InputError: the accelerator cannot represent the module; the message names the part and says why.
    """
    if snntorch.__version__ != _COMPARED_WITH:
        warnings.warn(
            f"spikes were compared with snnTorch {_COMPARED_WITH}, and this is {snntorch.__version__}: "
            "compare some with your module's own before you rely on them",
            stacklevel=2,
        )
    if not isinstance(module, nn.Module):
        raise InputError(
            f"a {type(module).__name__} cannot be read as a network: allowed: a spikecast.accelerator.Network, or a "
            "torch module with snnTorch neurons"
        )
    module = unwrapped(module)
    if isinstance(module, SpikingNetwork):
        return export(module)
    if len(frame_shape) not in (1, 3):
        raise InputError(
            f"frames of shape {frame_shape} cannot be read: allowed: (channels, height, width) or (inputs,) a timestep"
        )
    frozen = frozen_copy(module)
    for name, leaf in leaves(frozen):
        _refuse_unreadable(leaf, name)
    recording = recorded_chain(frozen, frame_shape, timesteps, samples)
    if recording.time_first and not order_known:
        warnings.warn(
            f"{type(module).__name__} takes [timesteps, samples, ...], and spikes are read as [samples, timesteps, "
            "...]: say which they are with time_first=True or time_first=False",
            stacklevel=2,
        )
    layers: list[Layer] = []
    bits: dict[int, str] = {}
    for part in _parts(recording.calls[0], type(module).__name__):
        layers.append(read_layer(part, tuple(layer.shape for layer in layers), frame_shape))
        bits |= {_bits(synapse, named): named for named, synapse in _stored_weights(part)}
    if len(bits) > 1:
        mixed = " and ".join(f"{width} in {named}" for width, named in sorted(bits.items()))
        raise InputError(f"the network has weights of different bits ({mixed}): quantize all synapses alike")
    return Network(tuple(layers), weight_bits=min(bits))


def _refuse_unreadable(leaf: nn.Module, name: str) -> None:
    """Refuse what computes something else than its type says, or no numbers."""
    if is_neuron(leaf):
        if type(leaf) is not getattr(snntorch, type(leaf).__name__, None):
            raise InputError(
                f"{label(leaf, name)} is a class of its own that changes how snnTorch's steps: use that itself"
            )
        refuse_unlike(leaf, name)
    for part in leaf.modules():
        patched = any(callable(getattr(type(part), name, None)) for name in vars(part))
        if part._forward_hooks or part._forward_pre_hooks or patched:
            raise InputError(
                f"{label(leaf, name)} has hooks, which may change what it computes: remove them; a pruned or normed "
                "weight becomes permanent with torch.nn.utils.prune.remove or remove_weight_norm"
            )
        if not is_neuron(part) and not all(bool(values.isfinite().all()) for values in part.state_dict().values()):
            raise InputError(
                f"{label(leaf, name)} has values that are not finite: its training diverged, train it anew"
            )


def _parts(chain: list[Call], network: str) -> list[Part]:
    """Group a timestep's calls into layers."""
    parts: list[Part] = []
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
            parts.append(Part(call))
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
            raise InputError(
                f"{call.label} {_reason(call.module, of_currents=last is not None and last.neuron is None)}"
            )
    if not parts:
        raise InputError(f"{network} runs no synapses and no neurons: {_ALLOWED}")
    if parts[-1].neuron is None:
        raise InputError(
            f"{network} ends in {parts[-1].synapse.label} without neurons: the accelerator has neurons behind all "
            "synapses; put a snnTorch neuron behind it"
        )
    return parts


def _pool_reason(last: Part | None) -> str:
    """Why a max-pool cannot stand where it does."""
    if last is None:
        return "pools the input, in front of all synapses: pool the recordings instead"
    if last.pool:
        return f"pools what {last.pool.label} has pooled: use one pool as wide as both"
    return (
        f"pools currents, in front of the neurons, and the accelerator pools spikes: move it behind the neurons {_ANEW}"
    )


def _reason(module: nn.Module, of_currents: bool) -> str:
    """Why a module that is part of no layer is refused; ``of_currents`` says that it stands in front of neurons."""
    if of_currents and "AvgPool" in type(module).__name__:
        return (
            "averages currents, in front of the neurons, and the accelerator pools spikes: put MaxPool2d behind the "
            f"neurons {_ANEW}"
        )
    if hasattr(module, "quant_weight"):
        stock = "Linear" if isinstance(module, nn.Linear) else "Conv2d"
        return (
            f"is Brevitas': put an nn.{stock} there that holds quant_weight().value as its weight (and its quantized "
            "bias), which gives the same currents without new training"
        )
    if isinstance(module, _READ):
        return "may compute something else than the class it is made from: use that class itself"
    if isinstance(module, _PASSING):
        return "changes values in evaluation: remove it"
    if type(module).__module__ == nn.modules.activation.__name__:
        return "is an activation function, and the accelerator has none but spiking neurons: remove it"
    name = type(module).__name__
    return next((reason for part, reason in _REASONS.items() if part in name), f"cannot be read: {_ALLOWED}")


def _stored_weights(part: Part) -> Iterator[tuple[str, nn.Module]]:
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

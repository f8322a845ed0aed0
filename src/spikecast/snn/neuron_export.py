"""A snnTorch neuron as the accelerator holds it, or the reason why it cannot."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from spikecast.accelerator.network import Neuron, NeuronModel
from spikecast.errors import InputError

_MODELS: dict[str, NeuronModel] = {
    "Leaky": "leaky",
    "Lapicque": "lapicque",
    "Synaptic": "synaptic",
    "Alpha": "alpha",
    "RLeaky": "rleaky",
}


def exported_neuron(module: nn.Module, where: str = "") -> Neuron:
    """Read a neuron's constants; torch computes them in float32, so that both sides hold the same to the last bit.

    Args:
        module: a snnTorch neuron.
        where: its name in the network, for errors.

    Raises:
        InputError: the accelerator has no such neuron; the message names it and says why.
    """
    neuron: Any = module
    name = type(module).__name__
    refuse_unlike(neuron, where)
    model = _MODELS[name]
    threshold, reset = _scalar(neuron, "threshold", where), neuron.reset_mechanism
    if model == "lapicque":
        resistance, capacity = _scalar(neuron, "R", where), _scalar(neuron, "C", where)
        rate = neuron.time_step / (resistance * capacity)
        gain = float(resistance * (1 / (resistance * capacity)) * neuron.time_step)
        return Neuron(model, gain, float(1 - rate), float(threshold), reset)
    leak = _scalar(neuron, "beta", where).clamp(0, 1)
    if model in ("synaptic", "alpha"):
        rise = _scalar(neuron, "alpha", where).clamp(0, 1)
        tau = torch.log(rise) / (torch.log(leak) - torch.log(rise)) + 1
        return Neuron(model, float(tau) if model == "alpha" else 1.0, float(leak), float(threshold), reset, float(rise))
    return Neuron(model, 1.0, float(leak), float(threshold), reset)


def refuse_unlike(neuron: Any, where: str = "") -> None:
    """Refuse a neuron whose dynamics the accelerator does not have.

    Raises:
        InputError: which neuron, and why.
    """
    name = type(neuron).__name__
    named = f"{name} {where}".strip()
    if name not in _MODELS:
        raise InputError(f"{named} cannot be run on the accelerator: it has {', '.join(_MODELS)}")
    if not getattr(neuron, "reset_delay", True):
        raise InputError(
            f"{named} has reset_delay=False and resets in the timestep of its spike; the accelerator resets one "
            "timestep later, so spikes would differ: train with reset_delay=True"
        )
    if neuron.inhibition:
        raise InputError(f"{named} has inhibition, which lets one neuron of a layer fire: the accelerator has none")
    if neuron.state_quant:
        raise InputError(f"{named} has a quantized state (state_quant): the accelerator's neuron state is float")
    if not bool((torch.as_tensor(neuron.graded_spikes_factor) == 1).all()):
        raise InputError(f"{named} has graded spikes: the accelerator's spikes are 0 or 1")


def _scalar(neuron: Any, attribute: str, where: str) -> torch.Tensor:
    """The one value of a layer's parameter, as float32."""
    values = torch.as_tensor(getattr(neuron, attribute)).detach().float().reshape(-1)
    if len(values) == 0 or not bool((values == values[0]).all()):
        raise InputError(
            f"{type(neuron).__name__} {where} has {len(values)} different values of {attribute}: "
            "the accelerator has one a layer"
        )
    return values[0]

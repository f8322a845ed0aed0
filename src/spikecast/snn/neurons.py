"""Neuron models as snnTorch modules."""

from __future__ import annotations

from typing import Any, cast

import snntorch
from torch import nn

from spikecast.architecture import LayerShape
from spikecast.choices import TrainingChoices
from spikecast.neurons import WITH_ALPHA
from spikecast.snn.quantise import quantise_weights
from spikecast.snn.spike_functions import spike_function
from spikecast.surrogates import surrogate

_MODELS = {
    "leaky": snntorch.Leaky,
    "lapicque": snntorch.Lapicque,
    "synaptic": snntorch.Synaptic,
    "alpha": snntorch.Alpha,
    "rleaky": snntorch.RLeaky,
}
#: Width of the kernel through which a convolution's own spikes come back to it.
RECURRENT_KERNEL = 3


def spiking_neuron(choices: TrainingChoices, shape: LayerShape) -> nn.Module:
    """One layer's neurons: ``module(current)`` steps them by one timestep and gives (spikes, ..., membrane)."""
    settings: dict[str, Any] = {"alpha": choices.alpha} if choices.neuron in WITH_ALPHA else {}
    if shape.recurrent and shape.kind == "conv":
        settings |= {"conv2d_channels": shape.out_channels, "kernel_size": RECURRENT_KERNEL}
    elif shape.recurrent:
        settings |= {"linear_features": shape.out_channels}
    neuron: nn.Module = _MODELS[choices.neuron](
        beta=choices.beta,
        threshold=choices.threshold,
        reset_mechanism=choices.reset,
        spike_grad=spike_function(surrogate(choices.surrogate, choices.slope)),
        **settings,
    )
    if shape.recurrent and choices.weight_bits < 32:
        quantise_weights(cast(nn.Module, neuron.recurrent), choices.weight_bits)
    # snnTorch keeps every neuron ever made in a class list: a long-lived worker would never free a network.
    snntorch.SpikingNeuron.instances.pop()
    return neuron

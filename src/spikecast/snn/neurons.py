"""Neuron models as snnTorch modules."""

from __future__ import annotations

import snntorch
from torch import nn

from spikecast.choices import TrainingChoices
from spikecast.snn.spike_functions import spike_function
from spikecast.surrogates import surrogate

_MODELS = {"leaky": snntorch.Leaky, "lapicque": snntorch.Lapicque}


def spiking_neuron(choices: TrainingChoices) -> nn.Module:
    """One layer's neurons: ``module(current, membrane) -> (spikes, membrane)`` for one timestep."""
    neuron: nn.Module = _MODELS[choices.neuron](
        beta=choices.beta,
        threshold=choices.threshold,
        reset_mechanism=choices.reset,
        spike_grad=spike_function(surrogate(choices.surrogate, choices.slope)),
    )
    # snnTorch keeps every neuron ever made in a class list: a long-lived worker would never free a network.
    snntorch.SpikingNeuron.init()
    return neuron

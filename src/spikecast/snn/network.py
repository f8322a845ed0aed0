"""SpikingNetwork: a snnTorch network built from training choices.

It runs layer by layer, each layer over all timesteps, which gives the same spikes as the usual loop over
timesteps and is faster. So batch norm takes its training statistics over samples and timesteps together. Batch
norm stands behind the last convolution of each block, the one in front of a max-pool, as in the source study.

The neurons' own loop over timesteps is fused into one function where there is one (``fused_neuron``); stepping
snnTorch's neurons instead gives equal spikes, and batch norm keeps the same convention.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import nn

from spikecast.architecture import LayerShape
from spikecast.choices import TrainingChoices
from spikecast.snn.fused import fire, fused_neuron
from spikecast.snn.neuron_export import exported_neuron
from spikecast.snn.neurons import spiking_neuron
from spikecast.snn.quantize import quantize_weights
from spikecast.surrogates import surrogate


@dataclass(frozen=True)
class LayerRecord:
    """What went into and came out of one layer, all [timesteps, samples, ...].

    ``spikes`` are the neurons' own, before pooling; ``membrane`` is their state when they decided to fire.
    """

    inputs: torch.Tensor
    spikes: torch.Tensor
    membrane: torch.Tensor


class SpikingLayer(nn.Module):
    """Synapses, batch norm, neurons and pool of one layer."""

    def __init__(self, shape: LayerShape, choices: TrainingChoices, dropout: float) -> None:
        super().__init__()
        self.shape = shape
        self.weight_bits = choices.weight_bits
        normed = shape.pool > 1
        self.dropout = nn.Dropout(dropout)
        self.synapse: nn.Module = (
            nn.Conv2d(shape.in_channels, shape.out_channels, shape.kernel, padding="same", bias=not normed)
            if shape.kind == "conv"
            else nn.Linear(shape.inputs, shape.out_channels)
        )
        if choices.weight_bits < 32:
            quantize_weights(self.synapse, choices.weight_bits)
        self.norm: nn.Module = nn.BatchNorm2d(shape.out_channels) if normed else nn.Identity()
        self.neuron = spiking_neuron(choices, shape)
        self.surrogate = surrogate(choices.surrogate, choices.slope)
        self.fused = fused_neuron(exported_neuron(self.neuron), self.surrogate)
        self.pool: nn.Module = nn.MaxPool2d(shape.pool) if shape.pool > 1 else nn.Identity()

    def currents(self, inputs: torch.Tensor) -> torch.Tensor:
        """Synaptic currents, [timesteps, samples, ...], of input spikes [timesteps, samples, ...]."""
        if self.shape.kind == "fc":
            inputs = inputs.flatten(2)
        steps_and_samples = inputs.shape[:2]
        currents: torch.Tensor = self.norm(self.synapse(self.dropout(inputs.flatten(0, 1))))
        return currents.reshape(*steps_and_samples, *currents.shape[1:])

    def fire(self, currents: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Spikes and membranes, both [timesteps, samples, ...]; snnTorch's own, fused over time where that exists."""
        return self.step_neurons(currents) if self.fused is None else fire(currents, self.fused, self.surrogate)

    def step_neurons(self, currents: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Spikes and membranes, both [timesteps, samples, ...], by stepping snnTorch's neurons through time."""
        neuron = cast(Any, self.neuron)
        neuron.reset_mem()
        spikes, membranes = [], []
        for current in currents:
            fired, *_, membrane = neuron(current)
            spikes.append(fired)
            membranes.append(membrane)
        return torch.stack(spikes), torch.stack(membranes)

    def pooled(self, spikes: torch.Tensor) -> torch.Tensor:
        """Spikes behind the layer's pool."""
        result: torch.Tensor = self.pool(spikes.flatten(0, 1))
        return result.reshape(*spikes.shape[:2], *result.shape[1:])


class SpikingNetwork(nn.Module):
    """The network that ``choices`` describe, with torch's default initial weights: seed torch before."""

    def __init__(self, choices: TrainingChoices) -> None:
        super().__init__()
        layers: list[SpikingLayer] = []
        for shape in choices.layers:
            first_dense = shape.kind == "fc" and not any(layer.shape.kind == "fc" for layer in layers)
            layers.append(SpikingLayer(shape, choices, choices.dropout if first_dense else 0.0))
        self.layers = nn.ModuleList(layers)

    @property
    def neuron_engine(self) -> str:
        """What runs the neurons through time: ``fused``, or ``snntorch`` where a layer has no fused form."""
        return "snntorch" if any(layer.fused is None for layer in self._layers()) else "fused"

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        """Spikes of the last layer, [timesteps, samples, outputs], for frames [samples, timesteps, 2, S, S]."""
        *_, (_, spikes) = self._layer_by_layer(frames)
        return spikes

    def with_rate(self, frames: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Spikes of the last layer, and the mean firing rate over layers, 0..1, through which gradients flow.

        Args:
            frames: [samples, timesteps, 2, S, S].

        Returns:
            Spikes [timesteps, samples, outputs], and the rate.
        """
        records, leaving = zip(*self._layer_by_layer(frames), strict=True)
        return leaving[-1], torch.stack([record.spikes.mean() for record in records]).mean()

    def record(self, frames: torch.Tensor) -> list[LayerRecord]:
        """Run frames [samples, timesteps, 2, S, S] and keep what every layer received, held and fired."""
        return [record for record, _ in self._layer_by_layer(frames)]

    def _layer_by_layer(self, frames: torch.Tensor) -> Iterator[tuple[LayerRecord, torch.Tensor]]:
        """What every layer received, held and fired, and what leaves it behind its pool, [timesteps, samples, ...]."""
        inputs = frames.transpose(0, 1).float()
        for layer in self._layers():
            spikes, membranes = layer.fire(layer.currents(inputs))
            leaving = layer.pooled(spikes)
            yield LayerRecord(inputs, spikes, membranes), leaving
            inputs = leaving

    def _layers(self) -> list[SpikingLayer]:
        return [cast(SpikingLayer, layer) for layer in self.layers]

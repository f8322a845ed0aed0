"""Neurons, layers and networks that the tests of live modules are built from, and how they are compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import snntorch
import torch
from torch import nn

from spikecast.accelerator import Network
from spikecast.accelerator.engine import plan_layer, run_layer
from spikecast.accelerator.spike_lists import from_frames
from spikecast.snn.live.convert import network_of
from spikecast.snn.quantize import quantize_weights

#: Sums in another order differ in their last bits: nearer to the threshold than this (times the membrane's size, if
#: that is above 1), either side may be right.
TOLERANCE = 1e-5

NEURONS: dict[str, Callable[..., nn.Module]] = {
    "Leaky": lambda **k: snntorch.Leaky(beta=0.8, **k),
    "Lapicque": lambda **k: snntorch.Lapicque(beta=0.7, **k),
    "Synaptic": lambda **k: snntorch.Synaptic(alpha=0.6, beta=0.7, **k),
    "Alpha": lambda **k: snntorch.Alpha(alpha=0.8, beta=0.6, **k),
}


def neuron(kind: str, reset: str, recurrent: str = "", features: int = 0, **settings_: Any) -> nn.Module:
    options = {"reset_mechanism": reset, "init_hidden": True, "threshold": 0.1, **settings_}
    if kind != "RLeaky":
        return NEURONS[kind](**options)
    if recurrent == "linear":
        return snntorch.RLeaky(beta=0.8, linear_features=features, **options)
    if recurrent == "conv":
        return snntorch.RLeaky(beta=0.8, conv2d_channels=features, kernel_size=3, **options)
    weights = torch.tensor(-0.3) if recurrent == "one weight" else torch.linspace(-0.5, 0.4, features)
    if recurrent == "one a channel":
        weights = weights.reshape(-1, 1, 1)
    return snntorch.RLeaky(beta=0.8, V=weights, all_to_all=False, **options)


def quantized(net: nn.Sequential, bits: int) -> nn.Sequential:
    for part in list(net.modules()):
        if bits < 32 and isinstance(part, (nn.Conv2d, nn.Linear)):
            quantize_weights(part, bits)
    return net


def trained(norm: nn.BatchNorm1d | nn.BatchNorm2d) -> nn.Module:
    """A batch norm that does something, as one does after training."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    nn.init.uniform_(norm.running_mean, -0.5, 0.5)
    nn.init.uniform_(norm.running_var, 0.05, 0.5)
    nn.init.uniform_(norm.weight, -1.0, 1.0)
    nn.init.uniform_(norm.bias, -0.2, 0.2)
    return norm


def leaky(**options: Any) -> nn.Module:
    return snntorch.Leaky(**{"beta": 0.5, "threshold": 0.1, "init_hidden": True, **options})


def small_net(**options: Any) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(2, 3, 3),
        nn.BatchNorm2d(3),
        leaky(**options),
        nn.Dropout(0.5),
        nn.Flatten(),
        nn.Linear(108, 4),
        leaky(),
    )


class Layer(nn.Sequential):
    """The modules of one layer: synapses, perhaps batch norm, neurons, perhaps a pool."""

    @property
    def neuron(self) -> Any:
        return next(part for part in self if isinstance(part, snntorch.SpikingNeuron))


def stepped(net: nn.Sequential, frames: torch.Tensor) -> list[dict[str, torch.Tensor]]:
    """What snnTorch does: per layer what entered, the neurons' membranes and what left, [samples, timesteps, ...]."""
    kept: list[dict[str, list[torch.Tensor]]] = [{"inputs": [], "membranes": [], "spikes": []} for _ in net]
    net.eval()
    for layer in net:
        layer.neuron.reset_mem()
    with torch.inference_mode():
        for frame in frames.transpose(0, 1).float():
            spikes = frame
            for layer, records in zip(net, kept, strict=True):
                records["inputs"].append(spikes)
                spikes = layer(spikes)
                records["membranes"].append(layer.neuron.mem.clone())
                records["spikes"].append(spikes)
    return [{name: torch.stack(values, 1) for name, values in records.items()} for records in kept]


def assert_alike(net: nn.Sequential, frames: np.ndarray, *, exact: bool = False) -> Network:
    """Layer by layer, each with torch's own inputs, so that one differing spike cannot spread."""
    network = network_of(net, frames.shape[2:])
    fired = 0.0
    for layer, record in zip(network.layers, stepped(net, torch.tensor(frames)), strict=True):
        lists = from_frames(record["inputs"].numpy(), layer.shape.in_channels)
        out = run_layer(plan_layer(layer), lists, membranes=True)
        assert out.membranes is not None
        theirs = record["spikes"].numpy()
        ours = out.spikes.dense(layer.shape.out_channels, layer.shape.out_size).reshape(theirs.shape)
        membranes = record["membranes"].numpy()
        our_membranes = out.membranes.reshape(membranes.shape)
        fired += theirs.mean()
        if exact:
            assert np.array_equal(ours, theirs)
            assert np.array_equal(our_membranes, membranes)
            continue
        # The neurons' own spikes, in front of the pool; after its first difference a neuron may go another way.
        threshold = layer.neuron.threshold
        different = (our_membranes > threshold) != (membranes > threshold)
        size = TOLERANCE * np.maximum(1, np.abs(membranes).max())
        near = np.abs(membranes - threshold) <= size
        assert (near.cumsum(axis=1) > 0)[different].all()
        alike = different.cumsum(axis=1) == 0
        assert np.abs(our_membranes - membranes)[alike].max() <= size
        assert different.mean() < 1e-4
        assert (ours != theirs).mean() < 1e-4
    assert exact or fired > 0
    return network

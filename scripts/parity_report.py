"""Print the share of spikes on which the simulator and snnTorch agree.

    python scripts/parity_report.py [--trained]

All 300 evaluation recordings go through csnn-s with every neuron model, reset and weight width. Each layer is given
torch's own input spikes, so that a difference is that layer's alone; `end to end` runs the whole network. The last
column is the largest distance from the threshold, in torch, of a membrane whose spike differs for the first time.
Weights are random, scaled so that every layer fires; `--trained` trains a network for every surrogate, neuron and reset
that can be trained instead.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import snntorch
import torch
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from torch import nn

from spikecast.accelerator import Layer, Network, simulate
from spikecast.accelerator.engine import plan_layer, run_layer
from spikecast.accelerator.network import RESETS
from spikecast.accelerator.spike_lists import from_frames
from spikecast.choices import TrainingChoices
from spikecast.events import load_binned
from spikecast.neurons import NEURONS
from spikecast.snn._export import export
from spikecast.snn.live.convert import network_of
from spikecast.snn.quantize import quantize_weights
from spikecast.snn.training import output_spikes, train
from spikecast.surrogates import SURROGATES

FRAMES = load_binned("nmnist", 4, 32).evaluation


@dataclass(frozen=True)
class Recorded:
    """torch's side of one network: per layer what entered, what the neurons fired and their membranes, all
    [samples, timesteps, ...], and the network's answer."""

    labels: tuple[str, ...]
    network: Network
    inputs: list[NDArray[np.float32]]
    spikes: list[NDArray[np.bool_]]
    membranes: list[NDArray[np.float32]]
    answer: NDArray[np.uint8]


def report(networks: Iterator[Recorded], heads: tuple[str, ...]) -> None:
    """Compare every network and print a table."""
    table = Table(*heads, "conv1", "conv2", "fc1", "fc2", "end to end", "farthest")
    total = differing = 0
    for recorded in networks:
        cells, farthest = [], 0.0
        for layer, inputs, theirs, membrane in zip(
            recorded.network.layers, recorded.inputs, recorded.spikes, recorded.membranes, strict=True
        ):
            # Before the pool, so that the membrane behind every spike is known.
            different = _unpooled(layer, inputs, theirs.shape[2]) != theirs
            first = different & (different.cumsum(axis=1) == 1)
            if first.any():
                farthest = max(farthest, float(np.abs(membrane - layer.neuron.threshold)[first].max()))
            total, differing = total + different.size, differing + int(different.sum())
            cells.append(f"{1 - different.mean():.8f}")
        end = (simulate(recorded.network, FRAMES).output_spikes == recorded.answer).mean()
        table.add_row(*recorded.labels, *cells, f"{end:.8f}", f"{farthest:.1e}")
    Console(width=150).print(table)
    print(f"{total - differing} of {total} spikes equal, {differing} differ: share {1 - differing / total:.9f}")


def _unpooled(layer: Layer, frames: NDArray[np.float32], positions: int) -> NDArray[np.bool_]:
    """What the layer's neurons fire before the pool: bool[samples, timesteps, positions]."""
    unpooled = replace(layer, shape=replace(layer.shape, pool=1))
    spikes = run_layer(plan_layer(unpooled), from_frames(frames, layer.shape.in_channels)).spikes
    return spikes.dense(layer.shape.out_channels, layer.shape.neuron_size).reshape(*frames.shape[:2], positions) == 1


def trained() -> Iterator[Recorded]:
    """Networks trained for one epoch."""
    for surrogate, neuron, reset in itertools.product(SURROGATES, NEURONS, ("subtract", "zero")):
        choices = TrainingChoices(surrogate=surrogate, neuron=neuron, reset=reset, epochs=1)
        network = train(choices, load_binned("nmnist", 4, 32)).network
        with torch.inference_mode():
            records = network.record(torch.tensor(FRAMES))
        yield Recorded(
            (surrogate, neuron, reset),
            export(network),
            [record.inputs.transpose(0, 1).numpy() for record in records],
            [record.spikes.transpose(0, 1).flatten(2).numpy() > 0 for record in records],
            [record.membrane.transpose(0, 1).flatten(2).numpy() for record in records],
            output_spikes(network, FRAMES),
        )


def untrained() -> Iterator[Recorded]:
    """Live networks with every neuron, reset and weight width."""
    for model, reset, bits in itertools.product(_NEURONS, RESETS, (4, 8, 32)):
        yield _stepped((model, reset, str(bits)), _live(model, reset, bits))


_NEURONS = {
    "Leaky": lambda reset, _: snntorch.Leaky(beta=0.6, threshold=0.5, init_hidden=True, reset_mechanism=reset),
    "Lapicque": lambda reset, _: snntorch.Lapicque(beta=0.6, threshold=0.5, init_hidden=True, reset_mechanism=reset),
    "Synaptic": lambda reset, _: snntorch.Synaptic(0.7, 0.6, threshold=0.8, init_hidden=True, reset_mechanism=reset),
    "Alpha": lambda reset, _: snntorch.Alpha(0.7, 0.6, threshold=0.3, init_hidden=True, reset_mechanism=reset),
    "RLeaky": lambda reset, back: snntorch.RLeaky(
        beta=0.6, threshold=0.5, init_hidden=True, reset_mechanism=reset, **back
    ),
}


def _live(model: str, reset: str, bits: int) -> nn.Sequential:
    """csnn-s, one timestep a call."""
    torch.manual_seed(0)
    neuron = _NEURONS[model]
    synapses = [
        nn.Conv2d(2, 16, 3, padding="same", bias=False),
        nn.Conv2d(16, 32, 3, padding="same", bias=False),
        nn.Linear(2048, 128),
        nn.Linear(128, 100),
    ]
    for synapse in synapses:
        with torch.no_grad():
            synapse.weight *= 3
        if bits < 32:
            quantize_weights(synapse, bits)
    norms = [nn.BatchNorm2d(16), nn.BatchNorm2d(32)]
    for norm in norms:
        assert norm.running_mean is not None
        assert norm.running_var is not None
        norm.running_mean.uniform_(-0.1, 0.1)
        norm.running_var.uniform_(0.5, 2.0)
    conv: list[dict[str, int]] = [{"conv2d_channels": channels, "kernel_size": 3} for channels in (16, 32)]
    dense = [{"linear_features": features} for features in (128, 100)]
    network = nn.Sequential(
        *(synapses[0], norms[0], neuron(reset, conv[0]), nn.MaxPool2d(2)),
        *(synapses[1], norms[1], neuron(reset, conv[1]), nn.MaxPool2d(2), nn.Flatten()),
        *(synapses[2], neuron(reset, dense[0])),
        *(synapses[3], neuron(reset, dense[1])),
    )
    for part in network:
        if bits < 32 and isinstance(part, snntorch.RLeaky):
            quantize_weights(part.recurrent, bits)
    return network.eval()


def _stepped(labels: tuple[str, ...], network: nn.Sequential) -> Recorded:
    """Let snnTorch itself run the recordings, timestep by timestep."""
    synapses = [part for part in network if isinstance(part, (nn.Conv2d, nn.Linear))]
    neurons = [part for part in network if isinstance(part, snntorch.SpikingNeuron)]
    for neuron in neurons:
        neuron.reset_mem()
    kept: dict[nn.Module, list[torch.Tensor]] = {part: [] for part in (*synapses, *neurons)}
    membranes: dict[nn.Module, list[torch.Tensor]] = {neuron: [] for neuron in neurons}
    answer = []
    with torch.inference_mode():
        for frame in torch.tensor(FRAMES).float().unbind(1):
            values = frame
            for part in network:
                if part in synapses:
                    kept[part].append(values)
                values = part(values)
                if part in neurons:
                    kept[part].append(values.flatten(1) > 0)
                    membranes[part].append(part.mem.flatten(1))
            answer.append(values)
    return Recorded(
        labels,
        network_of(network, FRAMES.shape[2:], FRAMES.shape[1]),
        [torch.stack(kept[part], 1).numpy() for part in synapses],
        [torch.stack(kept[part], 1).numpy() for part in neurons],
        [torch.stack(membranes[part], 1).numpy() for part in neurons],
        torch.stack(answer, 1).numpy().astype(np.uint8),
    )


if __name__ == "__main__":
    torch.set_num_threads(1)
    if "--trained" in sys.argv:
        report(trained(), ("surrogate", "neuron", "reset"))
    else:
        report(untrained(), ("neuron", "reset", "bits"))

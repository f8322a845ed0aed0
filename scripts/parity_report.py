"""Print the share of spikes on which the simulator and snnTorch agree, per surrogate, neuron and layer.

    python scripts/parity_report.py

Every network is trained for one epoch and then asked about all 300 evaluation recordings. Each layer is given
torch's own input spikes, so that a difference is that layer's alone; `end to end` runs the whole network. The last
column is the largest distance from the threshold, in torch, of a membrane whose spike differs for the first time.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from spikecast.accelerator import Layer, load_hardware, simulate
from spikecast.accelerator.engine import plan_layer, run_layer
from spikecast.accelerator.spike_lists import from_frames
from spikecast.choices import TrainingChoices
from spikecast.events import load_binned
from spikecast.neurons import NEURONS
from spikecast.snn.export import export
from spikecast.snn.training import output_spikes, train
from spikecast.surrogates import SURROGATES


def report() -> None:
    torch.set_num_threads(1)
    table = Table("surrogate", "neuron", "reset", "conv1", "conv2", "fc1", "fc2", "end to end", "farthest")
    total = differing = 0
    for surrogate, neuron, reset in itertools.product(SURROGATES, NEURONS, ("subtract", "zero")):
        choices = TrainingChoices(surrogate=surrogate, neuron=neuron, reset=reset, epochs=1)
        binned = load_binned(choices.dataset, choices.timesteps, choices.input_size)
        network = train(choices, binned).network
        hardware_network = export(network)
        with torch.inference_mode():
            records = network.record(torch.tensor(binned.evaluation))
        cells, farthest = [], 0.0
        for layer, record in zip(hardware_network.layers, records, strict=True):
            # Before the pool, so that the membrane behind every spike is known.
            theirs = record.spikes.transpose(0, 1).flatten(2).numpy().astype(bool)
            ours = _unpooled(layer, record.inputs.transpose(0, 1).numpy(), theirs.shape[2])
            different = ours != theirs
            first = different & (different.cumsum(axis=1) == 1)
            membrane = record.membrane.transpose(0, 1).flatten(2).numpy()
            if first.any():
                farthest = max(farthest, float(np.abs(membrane - layer.neuron.threshold)[first].max()))
            total, differing = total + different.size, differing + int(different.sum())
            cells.append(f"{1 - different.mean():.8f}")
        result = simulate(hardware_network, binned.evaluation, load_hardware("sparse-core"))
        end = (result.output_spikes == output_spikes(network, binned.evaluation)).mean()
        table.add_row(surrogate, neuron, reset, *cells, f"{end:.8f}", f"{farthest:.1e}")
    Console(width=150).print(table)
    print(f"{total - differing} of {total} spikes equal, {differing} differ: share {1 - differing / total:.9f}")


def _unpooled(layer: Layer, frames: NDArray[np.float32], positions: int) -> NDArray[np.bool_]:
    """What the layer's neurons fire before the pool: bool[samples, timesteps, positions]."""
    unpooled = replace(layer, shape=replace(layer.shape, pool=1))
    spikes = run_layer(plan_layer(unpooled), from_frames(frames, layer.shape.in_channels)).spikes
    return spikes.dense(layer.shape.out_channels, layer.shape.neuron_size).reshape(*frames.shape[:2], positions) == 1


if __name__ == "__main__":
    report()

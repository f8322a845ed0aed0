"""A trained network in torch the way snnTorch's own examples run one: timestep by timestep, layer by layer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from measuring import seconds_of
from torch.nn.utils import parametrize

from spikecast.snn.network import SpikingNetwork


def step_loop(network: SpikingNetwork, frames: torch.Tensor) -> torch.Tensor:
    """Spikes of the last layer, [timesteps, samples, outputs], for frames [samples, timesteps, ...]."""
    membranes: list[torch.Tensor | None] = [None] * len(network.layers)
    outputs = []
    for spikes in frames.transpose(0, 1).float():
        for i, layer in enumerate(network.layers):
            if layer.shape.kind == "fc":
                spikes = spikes.flatten(1)
            currents = layer.norm(layer.synapse(spikes))
            before = torch.zeros_like(currents) if membranes[i] is None else membranes[i]
            spikes, membranes[i] = layer.neuron(currents, before)
            spikes = layer.pool(spikes)
        outputs.append(spikes)
    return torch.stack(outputs)


def in_batches(run: Callable[[torch.Tensor], torch.Tensor], frames: torch.Tensor, batch: int) -> torch.Tensor:
    """[samples, timesteps, outputs], ``batch`` samples at a time; weights are quantized once, not every step."""
    with torch.inference_mode(), parametrize.cached():
        return torch.cat([run(part).transpose(0, 1) for part in frames.split(batch)])


def fastest_step_loop(
    network: SpikingNetwork, frames: torch.Tensor, batches: list[int]
) -> tuple[str, Callable[[], torch.Tensor]]:
    """Torch at its best: of some batch sizes and both layouts of memory, what took least, in words and to call.

    The network is left in that layout.
    """
    layouts = {"channels first": torch.contiguous_format, "channels last": torch.channels_last}
    calls = {batch: partial(in_batches, partial(step_loop, network), frames, batch) for batch in batches}
    seconds: dict[tuple[int, str], float] = {}
    for layout, memory_format in layouts.items():
        network.to(memory_format=memory_format)
        calls[batches[-1]]()  # torch prepares its kernels in the first call
        seconds |= {(batch, layout): min(seconds_of(call) for _ in range(3)) for batch, call in calls.items()}
    batch, layout = min(seconds, key=lambda pair: seconds[pair])
    network.to(memory_format=layouts[layout])
    return f"{batch}, {layout}", calls[batch]

"""Measure one training step: ours, snnTorch's step loop, SpikingJelly, and an ANN of the same shape.

    python benchmarks/training.py --json FILE

The ANN has ReLU for neurons and takes the timesteps as further samples: the floor of the arithmetic. Nothing here is
asserted. Every figure is the median over some rounds, with its range; the sides take turns, on one thread.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import torch
import typer
from ann import ann_of
from measuring import Tables, interleaved, spread
from reporting import report
from spikingjelly_net import spikingjelly_of
from torch import nn
from torch_loop import step_loop

from spikecast.choices import TrainingChoices
from spikecast.events import load_binned
from spikecast.snn.network import SpikingNetwork
from spikecast.snn.process import keep_freed_memory
from spikecast.snn.training import loss_function

#: Networks and their batch sizes.
NETWORKS = {"csnn-s": 32, "vgg9": 16}
FLOOR = "ANN, T folded into the batch"


def main(
    only: Annotated[str, typer.Option(help="networks to train, such as csnn-s")] = ",".join(NETWORKS),
    json_file: Annotated[Path | None, typer.Option("--json", help="also write the figures to this file")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="times that each side takes a step")] = 21,
) -> None:
    """Measure one training step."""
    torch.set_num_threads(1)
    keep_freed_memory()
    report((_tables(name, rounds) for name in only.split(",")), rounds, json_file)


def _tables(architecture: str, rounds: int) -> Tables:
    choices = TrainingChoices(architecture=architecture, surrogate="atan")
    batch = NETWORKS[architecture]
    binned = load_binned("nmnist", choices.timesteps, choices.input_size)
    frames, labels = torch.tensor(binned.train[:batch]), torch.tensor(binned.train_labels[:batch]).long()
    steps = {name: _step(forward, network, choices, frames, labels) for name, forward, network in _sides(choices)}
    seconds = interleaved(steps, rounds)
    # Of the same round, so that a busy moment meets both sides of a ratio.
    rows = [
        {"side": name, "ms a batch": spread(1e3 * taken), "times the ANN": spread(taken / seconds[FLOOR])}
        for name, taken in seconds.items()
    ]
    return {f"One training step, {architecture}, batch {batch}, {choices.timesteps} timesteps": rows}


Side = tuple[str, Callable[[torch.Tensor], torch.Tensor], nn.Module]


def _sides(choices: TrainingChoices) -> list[Side]:
    """Each side's name, what maps frames [samples, timesteps, ...] to spikes [timesteps, samples, outputs], and it."""
    fused, stepped, looped = (SpikingNetwork(choices) for _ in range(3))
    for layer in stepped.layers:
        layer.fused = None
    ann, peer = ann_of(choices), spikingjelly_of(choices)
    sides: list[Side] = [
        (FLOOR, ann, ann),
        ("spikecast, fused neurons", fused, fused),
        ("snnTorch's neurons, layer by layer", stepped, stepped),
        ("snnTorch, loop over timesteps", partial(step_loop, looped), looped),
    ]
    return sides + ([] if peer is None else [("SpikingJelly, multi-step", peer, peer)])


def _step(
    forward: Callable[[torch.Tensor], torch.Tensor],
    network: nn.Module,
    choices: TrainingChoices,
    frames: torch.Tensor,
    labels: torch.Tensor,
) -> Callable[[], None]:
    """Forward, backward and update, with the loss and the optimizer of all sides."""
    network.train().to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(network.parameters(), lr=choices.learning_rate, fused=True)
    loss_of = loss_function(choices)

    def step() -> None:
        loss = loss_of(forward(frames), labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return step


if __name__ == "__main__":
    typer.run(main)

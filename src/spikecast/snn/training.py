"""Train one network: Adam, mean squared error of spike counts, seeded and repeatable."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from snntorch.functional import mse_count_loss

from spikecast.choices import TrainingChoices
from spikecast.events import BinnedSplit
from spikecast.snn.network import SpikingNetwork


@dataclass(frozen=True)
class Training:
    """A trained network, its mean loss in every epoch, and what training cost.

    ``diverged``: the loss or a weight stopped being a finite number; training ended there.
    """

    network: SpikingNetwork
    losses: tuple[float, ...]
    seconds: float
    diverged: bool


def train(choices: TrainingChoices, binned: BinnedSplit) -> Training:
    """Train the network of ``choices`` on the training part; the last epoch's weights are kept.

    The same choices on the same machine give the same weights: torch's global generator is seeded (it draws
    weights, dropout and the stochastic spike operator's noise) and a generator of its own shuffles.
    """
    start = time.perf_counter()
    torch.manual_seed(choices.seed)
    torch.use_deterministic_algorithms(True)
    shuffler = torch.Generator().manual_seed(choices.seed)
    network = SpikingNetwork(choices).train()
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = torch.optim.Adam(network.parameters(), lr=choices.learning_rate)
    loss_of = loss_function(choices)
    frames, labels = torch.tensor(binned.train), torch.tensor(binned.train_labels).long()
    losses: list[float] = []
    for _ in range(choices.epochs):
        total = 0.0
        for batch in torch.randperm(len(labels), generator=shuffler).split(choices.batch_size):
            loss = loss_of(network(frames[batch]), labels[batch])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            total += loss.item() * len(batch)
        losses.append(total / len(labels))
        if not _finite(network, losses[-1]):
            break
    diverged = not _finite(network, losses[-1])
    return Training(network.eval(), tuple(losses), time.perf_counter() - start, diverged)


def output_spikes(network: SpikingNetwork, frames: NDArray[np.uint8], batch_size: int = 100) -> NDArray[np.uint8]:
    """What the trained network answers: uint8[samples, timesteps, outputs] for frames [samples, timesteps, 2, S, S]."""
    network.eval()
    with torch.inference_mode():
        parts = [network(batch).transpose(0, 1) for batch in torch.tensor(frames).split(batch_size)]
    return torch.cat(parts).numpy().astype(np.uint8)


def loss_function(choices: TrainingChoices) -> mse_count_loss:
    """Mean squared error of spike counts, of spikes [timesteps, samples, outputs] against labels [samples]."""
    outputs, classes = choices.layers[-1].out_channels, choices.dataset_info.classes
    return mse_count_loss(correct_rate=1, incorrect_rate=0, population_code=outputs > classes, num_classes=classes)


def _finite(network: SpikingNetwork, loss: float) -> bool:
    return bool(np.isfinite(loss)) and all(bool(p.isfinite().all()) for p in network.parameters())

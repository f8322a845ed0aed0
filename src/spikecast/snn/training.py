"""Train one network, seeded and repeatable: Adam on a loss of spike counts. And what a trained network answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from inspect import unwrap

import numpy as np
import torch
from numpy.typing import NDArray
from snntorch.functional import ce_count_loss, mse_count_loss

from spikecast.architecture import predicted_classes
from spikecast.choices import TrainingChoices
from spikecast.events import BinnedSplit
from spikecast.snn.network import SpikingNetwork
from spikecast.snn.process import repeatable_torch

#: One in so many recordings of a class is held out where an epoch is chosen.
HELD_OUT = 8
LossFunction = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class Training:
    """A trained network and how it came about.

    Attributes:
        network: with the weights of the epoch that was kept.
        losses: mean loss in every epoch.
        kept_epoch: the epoch, from 1, whose weights these are.
        seconds: what training took.
        diverged: the loss or a weight stopped being a finite number; training ended there.
    """

    network: SpikingNetwork
    losses: tuple[float, ...]
    kept_epoch: int
    seconds: float
    diverged: bool


class Adam(torch.optim.Adam):
    """torch's Adam, step for step.

    torch keeps its compiler out of some methods of an optimizer, and to do so loads it. That is half of the time in
    which a process starts and trains a small network, and nothing here is compiled.
    """

    add_param_group = unwrap(torch.optim.Adam.add_param_group)
    zero_grad = unwrap(torch.optim.Adam.zero_grad)
    # The wrapper that is left out switched gradients off, too.
    step = torch.no_grad()(unwrap(torch.optim.Adam.step))


def train(choices: TrainingChoices, binned: BinnedSplit) -> Training:
    """Train the network of ``choices`` on the training part, and on nothing else.

    The same choices on the same machine give the same weights: torch's global generator is seeded (it draws
    weights, dropout and the stochastic spike operator's noise) and a generator of its own shuffles. The caller's torch
    is left as it was.
    """
    with repeatable_torch(choices.seed):
        return _train(choices, binned)


def _train(choices: TrainingChoices, binned: BinnedSplit) -> Training:
    start = time.perf_counter()
    shuffler = torch.Generator().manual_seed(choices.seed)
    network = SpikingNetwork(choices).train()
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = Adam(network.parameters(), lr=choices.learning_rate, fused=True)
    schedule = _schedule(choices, optimizer)
    loss_of = loss_function(choices)
    frames, labels = torch.tensor(binned.train), torch.tensor(binned.train_labels).long()
    learned, held_out = _parts(choices, binned.train_labels)
    best = _Best()
    losses: list[float] = []
    for epoch in range(1, choices.epochs + 1):
        total = 0.0
        for drawn in torch.randperm(len(learned), generator=shuffler).split(choices.batch_size):
            batch = learned[drawn]
            loss = _batch_loss(network, choices, loss_of, frames[batch], labels[batch])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            if choices.gradient_clip > 0:
                torch.nn.utils.clip_grad_norm_(network.parameters(), choices.gradient_clip)
            optimizer.step()
            total += loss.item() * len(batch)
        schedule.step()
        losses.append(total / len(learned))
        if not _finite(network, losses[-1]):
            break
        if len(held_out):
            best.compare(epoch, network, _accuracy(network, binned, held_out.numpy(), choices))
    diverged = not _finite(network, losses[-1])
    kept_epoch = best.restore(network) if len(held_out) and not diverged else len(losses)
    return Training(network.eval(), tuple(losses), kept_epoch, time.perf_counter() - start, diverged)


def _parts(choices: TrainingChoices, labels: NDArray[np.uint8]) -> tuple[torch.Tensor, torch.Tensor]:
    """Training recordings to learn from, and those held out to choose an epoch by: every eighth of its class.

    A class of fewer recordings than that has none held out; if no class has, the last epoch is kept.
    """
    if choices.epoch_kept == "last":
        return torch.arange(len(labels)), torch.arange(0)
    held_out = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        samples = np.flatnonzero(labels == label)
        if len(samples) >= HELD_OUT:
            held_out[samples[::HELD_OUT]] = True
    return torch.tensor(np.flatnonzero(~held_out)), torch.tensor(np.flatnonzero(held_out))


class _Best:
    """The most accurate epoch so far, the earliest if there are several."""

    def __init__(self) -> None:
        self._accuracy, self._epoch = -1.0, 0
        self._weights: dict[str, torch.Tensor] = {}

    def compare(self, epoch: int, network: SpikingNetwork, accuracy: float) -> None:
        if accuracy > self._accuracy:
            self._accuracy, self._epoch = accuracy, epoch
            self._weights = {name: values.clone() for name, values in network.state_dict().items()}

    def restore(self, network: SpikingNetwork) -> int:
        """Give the network that epoch's weights; returns the epoch."""
        network.load_state_dict(self._weights)
        return self._epoch


def _accuracy(
    network: SpikingNetwork, binned: BinnedSplit, held_out: NDArray[np.int64], choices: TrainingChoices
) -> float:
    """Share of held-out recordings classified right; the network goes on training."""
    answers = predicted_classes(output_spikes(network, binned.train[held_out]), choices.dataset_info.classes)
    network.train()
    return float((answers == binned.train_labels[held_out]).mean())


def output_spikes(network: SpikingNetwork, frames: NDArray[np.uint8], batch_size: int = 100) -> NDArray[np.uint8]:
    """Run a network in evaluation: uint8[samples, timesteps, outputs] for frames [samples, timesteps, 2, S, S]."""
    network.eval()
    with torch.inference_mode():
        parts = [network(batch).transpose(0, 1) for batch in torch.tensor(frames).split(batch_size)]
    return torch.cat(parts).numpy().astype(np.uint8)


def loss_function(choices: TrainingChoices) -> LossFunction:
    """The loss of spikes [timesteps, samples, outputs] against labels [samples], without the activity penalty."""
    outputs, classes = choices.layers[-1].out_channels, choices.dataset_info.classes
    population = outputs > classes
    loss: LossFunction = (
        mse_count_loss(correct_rate=1, incorrect_rate=0, population_code=population, num_classes=classes)
        if choices.loss == "mse_count"
        else ce_count_loss(population_code=population, num_classes=classes)
    )
    return loss


def _batch_loss(
    network: SpikingNetwork,
    choices: TrainingChoices,
    loss_of: LossFunction,
    frames: torch.Tensor,
    labels: torch.Tensor,
) -> torch.Tensor:
    if choices.activity_penalty == 0:
        return loss_of(network(frames), labels)
    spikes, rate = network.with_rate(frames)
    return loss_of(spikes, labels) + choices.activity_penalty * rate


def _schedule(choices: TrainingChoices, optimizer: torch.optim.Optimizer) -> torch.optim.lr_scheduler.LRScheduler:
    """Adam's step over the epochs: as it is, or along half a cosine to 0."""
    if choices.learning_rate_schedule == "cosine":
        return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=choices.epochs)
    return torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1.0)


def _finite(network: SpikingNetwork, loss: float) -> bool:
    return bool(np.isfinite(loss)) and all(bool(p.isfinite().all()) for p in network.parameters())

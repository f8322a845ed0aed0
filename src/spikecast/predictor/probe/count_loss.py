"""The losses of spike counts that training has, with their gradients: snnTorch's, in NumPy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spikecast.choices import TrainingChoices


def count_loss(
    choices: TrainingChoices, spikes: NDArray[np.bool_], labels: NDArray[np.uint8]
) -> tuple[float, NDArray[np.float32]]:
    """The loss of output spikes without the activity penalty, and its gradient in every spike.

    Spikes are whole numbers, and sums of them in float64 exact.

    Args:
        choices: which loss, and how many classes; the outputs are equal, contiguous groups, one a class.
        spikes: bool[outputs, timesteps, samples].
        labels: uint8[samples], classes.

    Returns:
        The mean over recordings (and, of squares, over classes), and float32[outputs, timesteps, samples].
    """
    outputs, timesteps, samples = spikes.shape
    classes = choices.dataset_info.classes
    votes = outputs // classes
    counts = spikes.sum(axis=1).reshape(classes, votes, samples).sum(axis=1).astype(np.float64)
    right = np.arange(classes)[:, np.newaxis] == labels
    if choices.loss == "mse_count":
        missed = counts - right * (timesteps * votes)
        loss = float(np.square(missed).mean()) / timesteps
        gradient = 2.0 * missed / (missed.size * timesteps)
    else:
        scores = counts - counts.max(axis=0)
        likelihood = scores - np.log(np.exp(scores).sum(axis=0))
        loss = -float(likelihood[right].mean())
        gradient = (np.exp(likelihood) - right) / samples
    # Every neuron of a group, in every timestep, counts alike.
    of_neurons = np.repeat(gradient.astype(np.float32), votes, axis=0)[:, np.newaxis]
    return loss, np.repeat(of_neurons, timesteps, axis=1)

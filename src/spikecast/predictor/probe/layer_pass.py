"""One untrained layer over all timesteps of some recordings, forwards and backwards.

Arrays are [channels, timesteps, samples, height, width]; a fully connected layer has height and width 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Floats, Spikes
from spikecast.architecture import LayerShape
from spikecast.choices import TrainingChoices
from spikecast.predictor.probe.initial_weights import InitialWeights, TorchDraws
from spikecast.predictor.probe.membrane_steps import membrane_steps
from spikecast.predictor.probe.steepness import steepness
from spikecast.predictor.probe.synapses import (
    currents,
    pooled,
    spike_gradient,
    unpooled,
    weight_gradient,
)
from spikecast.surrogates import surrogate

#: torch's own, which keeps a channel without currents from a division by 0.
_NORM_EPSILON = 1e-5


class LayerPass:
    """Synapses, batch norm on the recordings' own statistics, neurons and pool of one layer, forwards when it is made.

    Attributes:
        shape: the layer's sizes.
        weights: synapses from the layer before.
        inputs: spikes that enter.
        current_mean, current_deviation: of what reaches the neurons in a timestep, without what their own spikes bring.
        spikes: those of its neurons, in front of the pool.
        leaving: those behind the pool.
    """

    def __init__(
        self,
        choices: TrainingChoices,
        shape: LayerShape,
        weights: tuple[InitialWeights, InitialWeights | None],
        inputs: Spikes,
    ) -> None:
        self.shape, self.inputs = shape, inputs
        self.weights, self._own = weights
        self._choices = choices
        self._normed: Floats | None = None
        arriving = _split(currents(self.weights.used, _joined(inputs)), inputs)
        if not self.weights.bias.size:
            self._normed, self._scale = _normalized(arriving)
            arriving = self._normed
        else:
            arriving += _by_channel(self.weights.bias)
        self.current_mean, self.current_deviation = _mean_and_deviation(arriving)
        self._membranes, self.spikes = self._fire(arriving)
        self.leaving = _split(pooled(_joined(self.spikes), shape.pool), inputs)

    def _fire(self, arriving: Floats) -> tuple[Floats, Spikes]:
        steps, threshold = membrane_steps(self._choices), np.float32(self._choices.threshold)
        membranes, spikes = np.empty_like(arriving), np.empty(arriving.shape, np.bool_)
        before = np.zeros_like(spikes[:, 0])
        for t in range(arriving.shape[1]):
            current = arriving[:, t]
            if self._own is not None:
                current = current + currents(self._own.used, before) + _by_channel(self._own.bias)[:, 0]
            membranes[:, t] = steps.forwards(current, before)
            before = np.greater(membranes[:, t], threshold, out=spikes[:, t])
        return membranes, spikes

    def backwards(self, leaving: Floats, draws: TorchDraws, penalty: float) -> Floats:
        """Gradient of the currents in front of batch norm, from that of the spikes that leave.

        Args:
            leaving: gradient of ``self.leaving``.
            draws: what the stochastic spike operator takes its noise from.
            penalty: weight of the layer's mean rate in the loss.
        """
        of_spikes = _split(unpooled(_joined(leaving), _joined(self.spikes), self.shape.pool), self.inputs)
        if penalty:
            of_spikes = of_spikes + np.float32(penalty / self.spikes.size)
        gradient = self._back_through_time(of_spikes, draws)
        if self._normed is not None:
            _denormalize(gradient, self._normed, self._scale)
        return gradient

    def _back_through_time(self, of_spikes: Floats, draws: TorchDraws) -> Floats:
        choices = self._choices
        steps, threshold = membrane_steps(choices), np.float32(choices.threshold)
        kind = surrogate(choices.surrogate, choices.slope)
        gradient = np.empty_like(self._membranes)
        for t in reversed(range(choices.timesteps)):
            given = of_spikes[:, t]
            if self._own is not None and t + 1 < choices.timesteps:
                given = given + spike_gradient(self._own.used, gradient[:, t + 1], self.spikes[:, t])
            of_membranes = steepness(kind, self._membranes[:, t] - threshold, draws)
            of_membranes *= given
            before = self.spikes[:, t - 1] if t else np.zeros_like(self.spikes[:, 0])
            gradient[:, t] = steps.backwards(of_membranes, before)
        return gradient

    def weight_gradient(self, of_currents: Floats) -> Floats:
        """Gradient of the weights as drawn, of their shape; rounding lets it through as it is."""
        return weight_gradient(self.weights.used, _joined(self.inputs), _joined(of_currents))

    def input_gradient(self, of_currents: Floats) -> Floats:
        """Gradient of the spikes that enter."""
        of_inputs = spike_gradient(self.weights.used, _joined(of_currents), _joined(self.inputs))
        return of_inputs.reshape(self.inputs.shape)


def _normalized(arriving: Floats) -> tuple[Floats, Floats]:
    """Currents of mean 0 and deviation 1 in each channel, and what they were multiplied by; ``arriving`` is lost."""
    arriving -= _by_channel(arriving.mean(axis=(1, 2, 3, 4)))
    scale = _by_channel(1 / np.sqrt(_mean_product(arriving, arriving) + _NORM_EPSILON))
    arriving *= scale
    return arriving, scale


def _denormalize(gradient: Floats, normed: Floats, scale: Floats) -> None:
    """Take a gradient back through ``_normalized``, in place."""
    along = _by_channel(_mean_product(gradient, normed))
    gradient -= _by_channel(gradient.mean(axis=(1, 2, 3, 4)))
    gradient -= along * normed
    gradient *= scale


def _mean_and_deviation(values: Floats) -> tuple[float, float]:
    mean = float(values.mean(dtype=np.float64))
    square = float(_mean_product(values, values).mean())
    return mean, max(square - mean**2, 0.0) ** 0.5


def _mean_product(first: Floats, second: Floats) -> NDArray[np.float64]:
    """float64[channels]: mean of the product; float32 adds up a frame, where its digits suffice, float64 all frames."""
    frames = (len(first), first.shape[1] * first.shape[2], -1)
    of_frames = np.einsum("cfp,cfp->cf", first.reshape(frames), second.reshape(frames))
    mean: NDArray[np.float64] = of_frames.sum(axis=1, dtype=np.float64) / first[0].size
    return mean


def _by_channel(values: NDArray[Any]) -> Floats:
    return values.astype(np.float32).reshape(-1, 1, 1, 1, 1)


def _joined(values: NDArray[Any]) -> NDArray[Any]:
    """Timesteps and samples as frames, one behind the other."""
    channels, timesteps, samples, *size = values.shape
    return values.reshape(channels, timesteps * samples, *size)


def _split(values: NDArray[Any], like: NDArray[Any]) -> NDArray[Any]:
    """Frames as the timesteps and samples that ``like`` has."""
    channels, _, *size = values.shape
    return values.reshape(channels, *like.shape[1:3], *size)

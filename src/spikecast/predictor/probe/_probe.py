"""One pass forwards and one backwards through the untrained network of some choices, and what they show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from threadpoolctl import threadpool_limits

from spikecast._util.arrays import Floats
from spikecast.choices import TrainingChoices
from spikecast.predictor.probe.count_loss import count_loss
from spikecast.predictor.probe.initial_weights import TorchDraws, initial_weights
from spikecast.predictor.probe.layer_pass import LayerPass
from spikecast.predictor.probe.membrane_steps import membrane_steps
from spikecast.predictor.probe.probe_recordings import ProbeRecordings

#: The choices that a network has before it is trained. Dropout, which only training draws, is left out.
_SEEN = (
    *("dataset", "architecture", "timesteps", "input_size", "surrogate", "slope", "neuron", "beta", "alpha"),
    *("threshold", "reset", "weight_bits", "loss", "activity_penalty", "seed"),
)


@dataclass(frozen=True)
class LayerProbe:
    """One layer of an untrained network; shares and rates are 0 to 1.

    Attributes:
        name: ``conv1``, ``fc2``, ...
        rate_in: spikes that enter, for each input and timestep.
        rate: spikes of its neurons, for each neuron and timestep, in front of the pool.
        rate_out: spikes that leave, for each output and timestep, behind the pool.
        current_mean, current_deviation: of what reaches the neurons in a timestep, behind batch norm where there is
            one; without what a layer's own spikes bring back.
        threshold_distance: how many standard deviations the threshold lies above the mean membrane, as currents
            independent of each other would leave it in the last timestep without reset; infinite if they do not vary.
        silent_share: neurons that never fire, in no recording.
        gradient_rms: root mean square of the loss's gradient in the weights.
        gradient_relative: that over the root mean square of the weights.
        gradient_nonzero: share of the weights whose gradient is not 0.
    """

    name: str
    rate_in: float
    rate: float
    rate_out: float
    current_mean: float
    current_deviation: float
    threshold_distance: float
    silent_share: float
    gradient_rms: float
    gradient_relative: float
    gradient_nonzero: float


@dataclass(frozen=True)
class Probe:
    """An untrained network on some recordings.

    Attributes:
        layers: its layers in order.
        loss: the loss that training would begin with, the activity penalty among it.
        output_rate: spikes of the last layer, for each neuron and timestep, 0 to 1.
    """

    layers: tuple[LayerProbe, ...]
    loss: float
    output_rate: float


def probe(choices: TrainingChoices, recordings: ProbeRecordings) -> Probe:
    """Run the untrained network of ``choices`` over recordings, forwards and backwards once.

    Weights are those that torch draws from ``choices.seed``, batch norm takes the recordings' own statistics, nothing
    is dropped out. Choices that only training looks at change nothing. Answers are remembered.

    On the same weights the network in torch fires alike; sums of currents are rounded in another order, so a membrane
    within a last digit of the threshold may fall on its other side.

    Args:
        choices: training choices.
        recordings: what the network is shown, of their timesteps and input size.

    Raises:
        InputError: the recordings do not fit the choices.
    """
    recordings.require_fit(choices)
    return _probe(TrainingChoices(**{name: getattr(choices, name) for name in _SEEN}), recordings)


@lru_cache(maxsize=4096)
def _probe(choices: TrainingChoices, recordings: ProbeRecordings) -> Probe:
    # Several threads add up a product of matrices in another order.
    with threadpool_limits(1, user_api="blas"):
        return _run(choices, recordings)


def _run(choices: TrainingChoices, recordings: ProbeRecordings) -> Probe:
    draws = TorchDraws(choices.seed)
    spikes = np.ascontiguousarray(recordings.frames.transpose(2, 1, 0, 3, 4)).view(np.bool_)
    passes: list[LayerPass] = []
    for shape, weights in zip(choices.layers, initial_weights(choices, draws), strict=True):
        passes.append(LayerPass(choices, shape, weights, spikes))
        spikes = passes[-1].leaving
    loss, gradient = count_loss(choices, spikes[..., 0, 0], recordings.labels)
    loss += choices.activity_penalty * float(np.mean([layer.spikes.mean() for layer in passes]))
    gradient = gradient[..., np.newaxis, np.newaxis]
    layers: list[LayerProbe] = []
    while passes:
        # A layer's arrays are given back as soon as it has been gone through.
        layer = passes.pop()
        of_currents = layer.backwards(gradient, draws, choices.activity_penalty / len(choices.layers))
        layers.append(_layer(choices, layer, layer.weight_gradient(of_currents)))
        if passes:
            gradient = layer.input_gradient(of_currents)
    return Probe(tuple(reversed(layers)), loss, float(spikes.mean()))


def _layer(choices: TrainingChoices, layer: LayerPass, weight_gradient: Floats) -> LayerProbe:
    gradient, weights = _root_mean_square(weight_gradient), _root_mean_square(layer.weights.drawn)
    return LayerProbe(
        name=layer.shape.name,
        rate_in=float(layer.inputs.mean()),
        rate=float(layer.spikes.mean()),
        rate_out=float(layer.leaving.mean()),
        current_mean=layer.current_mean,
        current_deviation=layer.current_deviation,
        threshold_distance=_threshold_distance(choices, layer.current_mean, layer.current_deviation),
        silent_share=1.0 - float(layer.spikes.any(axis=(1, 2)).mean()),
        gradient_rms=gradient,
        gradient_relative=gradient / weights,
        gradient_nonzero=np.count_nonzero(weight_gradient) / weight_gradient.size,
    )


def _threshold_distance(choices: TrainingChoices, mean: float, deviation: float) -> float:
    response = membrane_steps(choices).response(choices.timesteps)
    spread = deviation * math.hypot(*response)
    above = choices.threshold - mean * math.fsum(response)
    # An alpha neuron answers a current one timestep later, so in a single one it never moves.
    return above / spread if spread > 0 else math.copysign(math.inf, above)


def _root_mean_square(values: Floats) -> float:
    return math.sqrt(float(np.square(values, dtype=np.float64).mean()))

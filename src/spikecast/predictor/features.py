"""Training choices as numbers that a regressor can use.

Beside the choices themselves stand derived numbers that carry over between families: effective gain and leak of
the neuron, and the surrogate's gradient at threshold, area, half width, centre and noise.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spikecast.choices import TrainingChoices
from spikecast.neurons import NEURONS, dynamics
from spikecast.surrogates import SURROGATES, surrogate

#: An unbounded area or half width (stochastic spike operator) counts as this much: wider than any other.
_UNBOUNDED = 100.0
#: Smallest gradient that still tells two surrogates apart.
_SMALLEST = 1e-6


def bare_features(choices: TrainingChoices) -> dict[str, float]:
    """The choices alone: numbers as they are, slope by its logarithm, a 0 / 1 column per category."""
    return {
        **{f"surrogate={name}": float(choices.surrogate == name) for name in SURROGATES},
        **{f"neuron={name}": float(choices.neuron == name) for name in NEURONS},
        "log_slope": math.log(choices.slope),
        "beta": choices.beta,
        "threshold": choices.threshold,
        **_settings(choices),
    }


def _settings(choices: TrainingChoices) -> dict[str, float]:
    return {
        "reset=zero": float(choices.reset == "zero"),
        "weight_bits": float(choices.weight_bits),
        "log_learning_rate": math.log(choices.learning_rate),
        "log_epochs": math.log(choices.epochs),
        "log_batch_size": math.log(choices.batch_size),
        "dropout": choices.dropout,
    }


def derived_features(choices: TrainingChoices) -> dict[str, float]:
    """What the choices mean: dynamics of the neuron, shape of the surrogate."""
    neuron = dynamics(choices.neuron, choices.beta, choices.alpha)
    gradient = surrogate(choices.surrogate, choices.slope)
    return {
        "log_gain": math.log(neuron.gain),
        "leak": neuron.leak,
        "log_gain_over_threshold": math.log(neuron.gain / choices.threshold),
        "log_threshold": math.log(choices.threshold),
        "log_gradient_at_threshold": math.log(max(gradient.gradient_at_threshold, _SMALLEST)),
        "log_area": math.log(min(gradient.area, _UNBOUNDED)),
        "log_half_width": math.log(min(gradient.half_width, _UNBOUNDED)),
        "centre": gradient.centre,
        "noise": gradient.noise,
    }


def features(choices: TrainingChoices) -> dict[str, float]:
    """All features by name."""
    return bare_features(choices) | derived_features(choices)


def feature_matrix(all_choices: Sequence[TrainingChoices]) -> NDArray[np.float64]:
    """float64[choices, features], columns in the order of FEATURE_NAMES."""
    return np.array([list(features(choices).values()) for choices in all_choices], dtype=np.float64)


def column_indices(names: Sequence[str]) -> NDArray[np.int64]:
    """Columns of ``feature_matrix`` by feature name."""
    return np.array([FEATURE_NAMES.index(name) for name in names])


FEATURE_NAMES = tuple(features(TrainingChoices()))
BARE_FEATURES = tuple(bare_features(TrainingChoices()))
#: What the choices mean, without the names of families: the same neuron or gradient under two names is one point.
SMOOTH_FEATURES = (*derived_features(TrainingChoices()), *_settings(TrainingChoices()))

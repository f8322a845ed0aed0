"""The regressors that compete for a target, and the baselines that they must beat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikecast.predictor.features import BARE_FEATURES, FEATURE_NAMES, SMOOTH_FEATURES
from spikecast.predictor.models import BoostedTrees, GaussianProcess, Linear, Mean, NearestNeighbour, Regressor
from spikecast.predictor.targets import BLACK_BOX_TARGETS

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Candidate:
    """A kind of model and the features it is given."""

    model: type[Regressor]
    columns: tuple[str, ...]


CANDIDATES = {
    "linear": Candidate(Linear, FEATURE_NAMES),
    # Distances need no category columns: families meet where their numbers do.
    "gaussian_process": Candidate(GaussianProcess, SMOOTH_FEATURES),
    "boosted_trees": Candidate(BoostedTrees, FEATURE_NAMES),
}
#: The linear baseline sees the bare choices alone: what a spreadsheet would do.
BASELINES = {
    "baseline_mean": Candidate(Mean, BARE_FEATURES),
    "baseline_linear": Candidate(Linear, BARE_FEATURES),
    "baseline_nearest": Candidate(NearestNeighbour, SMOOTH_FEATURES),
}

#: By target, what competes with the grey box for it.
COMPETING: Mapping[str, Mapping[str, Candidate]] = dict.fromkeys(BLACK_BOX_TARGETS, CANDIDATES | BASELINES)


def competing_as(models: Mapping[str, str]) -> Mapping[str, Mapping[str, Candidate]]:
    """Of all that compete only those that won before; ``models`` names each target's."""
    return {name: {model: CANDIDATES[model]} for name, model in models.items() if model in CANDIDATES}


def latency_by_operations(operations: Array, latency: Array, asked: Array) -> Array:
    """The usual proxy, a baseline: latency as a power of the synaptic operations.

    Args:
        operations, latency: float64[rows], measured, on their learning scales.
        asked: float64[questions], expected operations.

    Returns:
        float64[questions], latency on its learning scale.
    """
    return Linear.fit(operations[:, np.newaxis], latency).predict(asked[:, np.newaxis])

"""The regressors that compete for a target, and the baselines that they must beat."""

from __future__ import annotations

from dataclasses import dataclass

from spikecast.predictor.features import BARE_FEATURES, FEATURE_NAMES, SMOOTH_FEATURES
from spikecast.predictor.models import BoostedTrees, GaussianProcess, Linear, Mean, NearestNeighbour, Regressor


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

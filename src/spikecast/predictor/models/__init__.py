"""Models that a bundle may ship, by name."""

from spikecast.predictor.models.boosted_trees import BoostedTrees
from spikecast.predictor.models.gaussian_process import GaussianProcess
from spikecast.predictor.models.linear import Linear
from spikecast.predictor.models.mean import Mean
from spikecast.predictor.models.nearest import NearestNeighbour
from spikecast.predictor.models.outcome import OutcomeModel
from spikecast.predictor.models.regressor import Regressor

SHIPPABLE: dict[str, type[Regressor]] = {model.name: model for model in (Linear, GaussianProcess, BoostedTrees)}

__all__ = [
    "SHIPPABLE",
    "BoostedTrees",
    "GaussianProcess",
    "Linear",
    "Mean",
    "NearestNeighbour",
    "OutcomeModel",
    "Regressor",
]

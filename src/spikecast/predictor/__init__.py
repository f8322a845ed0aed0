"""From training choices to expected accuracy, sparsity and latency, with intervals."""

from spikecast.predictor.explain import Contribution, Explanation
from spikecast.predictor.layer_costs import LayerCost
from spikecast.predictor.prediction import Interval, LayerPrediction, Neighbour, Prediction
from spikecast.predictor.predictor import Predictor

__all__ = [
    "Contribution",
    "Explanation",
    "Interval",
    "LayerCost",
    "LayerPrediction",
    "Neighbour",
    "Prediction",
    "Predictor",
]

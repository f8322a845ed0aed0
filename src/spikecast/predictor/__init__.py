"""From training choices to expected accuracy, sparsity and latency, with intervals."""

from spikecast.predictor.prediction import Interval, LayerPrediction, Neighbour, Prediction
from spikecast.predictor.predictor import Predictor

__all__ = ["Interval", "LayerPrediction", "Neighbour", "Prediction", "Predictor"]

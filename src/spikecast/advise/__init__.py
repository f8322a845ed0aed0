"""Questions asked of a predictor: what to train, what accuracy costs, what one choice does, which of two is better, and
what to measure next."""

from spikecast.advise.compare import Comparison, Difference, compare
from spikecast.advise.pareto import ParetoFront, pareto
from spikecast.advise.recommend import Recommendation, recommend
from spikecast.advise.sensitivity import Sweep, sensitivity
from spikecast.advise.suggest import Suggested, Suggestion, suggest

__all__ = [
    "Comparison",
    "Difference",
    "ParetoFront",
    "Recommendation",
    "Suggested",
    "Suggestion",
    "Sweep",
    "compare",
    "pareto",
    "recommend",
    "sensitivity",
    "suggest",
]

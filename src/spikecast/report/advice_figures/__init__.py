"""Pictures of what a predictor advises."""

from spikecast.report.advice_figures.pareto import pareto_figure
from spikecast.report.advice_figures.sensitivity import sensitivity_figure

__all__ = ["pareto_figure", "sensitivity_figure"]

"""What accuracy costs: the front that no choices inside the domain are predicted to beat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spikecast.accelerator.hardware import DEFAULT_HARDWARE, Hardware, load_hardware
from spikecast.advise.objective import CANDIDATES, COSTS, Objective
from spikecast.advise.search import explore, records
from spikecast.advise.search_space import SearchSpace
from spikecast.errors import resolve_name
from spikecast.predictor.measured import MEANS

if TYPE_CHECKING:
    import pandas as pd

    from spikecast.predictor import Predictor

#: Points of the front around which the search goes on.
_CENTERS = 32


@dataclass(frozen=True)
class ParetoFront:
    """Accuracy against what it costs.

    Attributes:
        objective: what accuracy is weighed against.
        front: candidates that none beats, by rising cost and so by rising accuracy; columns are choices and those of
            ``Predictor.predict_frame``.
        measured: measured configurations of the space, means over seeds: ``accuracy`` and the objective's column; empty
            if that was not measured on this hardware.
        tried: candidates that were predicted.
        hardware: its name.
    """

    objective: Objective
    front: pd.DataFrame
    measured: pd.DataFrame
    tried: int
    hardware: str

    def points(self, count: int) -> pd.DataFrame:
        """At most ``count`` rows of the front, its ends among them, at about equal steps along it."""
        return along(self.front, self.objective.cost(self.front), count)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; what ``spikecast pareto --json`` prints."""
        return {
            "cost": self.objective.column,
            "hardware": self.hardware,
            "tried": self.tried,
            "front": records(self.front),
            "measured": records(self.measured),
        }


def pareto(
    predictor: Predictor,
    *,
    cost: str = "latency",
    fixed: Mapping[str, Any] | None = None,
    hardware: str | Path | Hardware = DEFAULT_HARDWARE,
    candidates: int = CANDIDATES,
) -> ParetoFront:
    """Search the predictor's domain for the front of accuracy against a cost.

    Args:
        cost: latency, energy or sparsity (of which more is better).
        fixed: choices that must be as given; data set, architecture, timesteps and input size are the default ones
            unless given here.
        candidates: about how many to predict.

    Raises:
        InputError: bad input, or no candidate lies inside the domain.
    """
    objective = COSTS[resolve_name("cost", cost, COSTS)]
    target = load_hardware(hardware)
    space = SearchSpace.of(predictor.measured.questions.columns, fixed or {})

    def along_the_front(table: pd.DataFrame) -> pd.DataFrame:
        best = front(table, objective.cost(table))
        return along(best, objective.cost(best), _CENTERS)

    explored = explore(predictor, space, target, along_the_front, candidates)
    return ParetoFront(
        objective,
        front(explored.table, objective.cost(explored.table)).reset_index(drop=True),
        _measured(predictor, space, objective, target),
        explored.tried,
        target.name,
    )


def _measured(predictor: Predictor, space: SearchSpace, objective: Objective, hardware: Hardware) -> pd.DataFrame:
    """Only what was measured counts as measured: energy was not, and latency on the fitted hardware alone."""
    import pandas as pd

    means = pd.DataFrame(predictor.measured.means, columns=list(MEANS))
    means = means.loc[space.measured.index].dropna()
    if objective.column == "latency_us" and predictor.parts.hardware.timing == hardware.timing:
        means["latency_us"] = hardware.microseconds(1.0) * means["latency_cycles"]
    if objective.column not in means:
        means = means.iloc[:0].assign(**{objective.column: []})
    return means[["accuracy", objective.column]].reset_index(drop=True)


def front(table: pd.DataFrame, cost: pd.Series[float]) -> pd.DataFrame:
    """The rows for which none is as accurate or more at less cost, or costs as little or less and is more accurate.

    Args:
        table: a column ``accuracy``, more is better.
        cost: of every row, less is better.

    Returns:
        The front by rising cost, and so by rising accuracy; of equal rows the first.
    """
    ordered = table.assign(cost=cost).sort_values(["cost", "accuracy"], ascending=[True, False], kind="stable")
    best_before = ordered["accuracy"].cummax().shift(fill_value=-1.0)
    return table.loc[ordered.index[ordered["accuracy"] > best_before]]


def along(table: pd.DataFrame, cost: pd.Series[float], count: int) -> pd.DataFrame:
    """At most ``count`` rows of a front, its ends among them, at about equal steps along it.

    A step counts what it gains of the front's range of accuracy and of its range of cost, in logarithm.
    """
    if len(table) <= count:
        return table
    steps = [np.abs(np.diff(axis)) / np.ptp(axis) for axis in (table["accuracy"].to_numpy(), np.log(cost.to_numpy()))]
    way = np.concatenate([[0.0], np.hypot(*steps).cumsum()])
    nearest = np.abs(way[:, np.newaxis] - np.linspace(0.0, way[-1], count)).argmin(axis=0)
    return table.iloc[np.unique(nearest)]

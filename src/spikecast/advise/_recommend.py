"""What to train: the choices predicted to do best within limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spikecast.accelerator.hardware import DEFAULT_HARDWARE, Hardware, load_hardware
from spikecast.advise.objective import CANDIDATES, Objective, objective_of
from spikecast.advise.search import Explored, choices_of_rows, explore
from spikecast.advise.search_space import SearchSpace
from spikecast.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from spikecast.predictor import Prediction, Predictor


@dataclass(frozen=True)
class Recommendation:
    """What to train.

    Attributes:
        predictions: of the best choices for each pair of surrogate and neuron model, best pair first; all inside the
            domain, likely to train, and within the limits.
        pairs: pairs of surrogate and neuron model that have any such choices.
        tried: candidates that were predicted.
    """

    predictions: tuple[Prediction, ...]
    pairs: int
    tried: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; what ``spikecast recommend --json`` prints."""
        recommendations = [prediction.to_dict() for prediction in self.predictions]
        return {"tried": self.tried, "pairs": self.pairs, "recommendations": recommendations}


@dataclass(frozen=True)
class _Limits:
    """What a network must keep to: least accuracy (0..1), most latency in us; None is no limit."""

    min_accuracy: float | None
    max_latency_us: float | None

    def __post_init__(self) -> None:
        if self.min_accuracy is not None and not 0 <= self.min_accuracy <= 1:
            raise InputError(f"min accuracy {self.min_accuracy:g} is not a share: give 0 to 1, such as 0.92")
        if self.max_latency_us is not None and not self.max_latency_us > 0:
            raise InputError(f"max latency {self.max_latency_us:g} us is not above 0: give a time in microseconds")

    def within_latency(self, table: pd.DataFrame) -> pd.DataFrame:
        return table if self.max_latency_us is None else table[table["latency_us"] <= self.max_latency_us]

    def missed_by(self, table: pd.DataFrame) -> pd.Series[float]:
        """How far each row is from the limits, 0 within them: accuracy short of, plus latency beyond in logarithm."""
        missed = 0.0 * table["accuracy"]
        if self.min_accuracy is not None:
            missed += (self.min_accuracy - table["accuracy"]).clip(lower=0)
        if self.max_latency_us is not None:
            missed += np.log(table["latency_us"] / self.max_latency_us).clip(lower=0)
        return missed

    def unmet(self, explored: Explored) -> InputError:
        """The answer if no candidate is within the limits."""
        fast = self.within_latency(explored.table)
        if fast.empty:
            fastest = explored.table["latency_us"].min()
            return InputError(
                f"no candidate is predicted to take {self.max_latency_us:g} us or less: the fastest of "
                f"{explored.tried:,} takes {fastest:.1f} us; allow more"
            )
        within = "" if self.max_latency_us is None else f" within {self.max_latency_us:g} us"
        return InputError(
            f"no candidate is predicted to reach accuracy {self.min_accuracy:g}{within}: the most accurate of "
            f"{explored.tried:,} reaches {fast['accuracy'].max():.3f}; ask for less"
        )


def recommend(
    predictor: Predictor,
    *,
    minimize: str | None = None,
    maximize: str | None = None,
    min_accuracy: float | None = None,
    max_latency_us: float | None = None,
    fixed: Mapping[str, Any] | None = None,
    hardware: str | Path | Hardware = DEFAULT_HARDWARE,
    top: int = 5,
    candidates: int = CANDIDATES,
) -> Recommendation:
    """Search the predictor's domain for the choices that do best.

    Predicted values are held against the limits, not the ends of their intervals. The best of many candidates owes
    something to luck: expect measured networks to do a little worse than predicted.

    Args:
        minimize: latency, energy or spikes (the same as the most sparsity).
        maximize: accuracy or sparsity; exactly one of minimize and maximize.
        min_accuracy: 0..1.
        max_latency_us: microseconds.
        fixed: choices that must be as given; data set, architecture, timesteps and input size are the default ones
            unless given here.
        top: recommendations at most, one for each pair of surrogate and neuron model.
        candidates: about how many to predict.

    Raises:
        InputError: bad input, or no candidate inside the domain meets the limits; then the message says how close the
            best one comes.
    """
    objective, limits = objective_of(minimize, maximize), _Limits(min_accuracy, max_latency_us)
    target = load_hardware(hardware)
    space = SearchSpace.of(predictor.measured.questions.columns, fixed or {})

    def best_of_pairs(table: pd.DataFrame) -> pd.DataFrame:
        return _best_of_pairs(table, objective, limits)

    explored = explore(predictor, space, target, best_of_pairs, candidates)
    best = best_of_pairs(explored.table)
    best = best[limits.missed_by(best) == 0]
    if best.empty:
        raise limits.unmet(explored)
    chosen = choices_of_rows(best.head(top))
    return Recommendation(
        tuple(predictor.predict(choices, hardware=target) for choices in chosen), len(best), explored.tried
    )


def _best_of_pairs(table: pd.DataFrame, objective: Objective, limits: _Limits) -> pd.DataFrame:
    """The best row of every pair of surrogate and neuron model, best pair first: first what misses the limits by least,
    then what the objective says."""
    ordered = table.assign(missed=limits.missed_by(table), cost=objective.cost(table))
    ordered = ordered.sort_values(["missed", "cost"], kind="stable")
    return table.loc[ordered.drop_duplicates(["surrogate", "neuron"]).index]

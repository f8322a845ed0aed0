"""A predictor on some measured rows: errors, coverage, widths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.accelerator.hardware import Hardware
from spikecast.predictor.fit.learned_rows import questions_of, with_costs
from spikecast.predictor.parts import Parts
from spikecast.predictor.prediction import Answers
from spikecast.predictor.predictor import Predictor
from spikecast.predictor.scores import scores
from spikecast.predictor.targets import TARGETS, Target


@dataclass(frozen=True)
class Judged:
    """Predictions beside what was measured.

    Attributes:
        rows: measured rows that ended ok, with ``energy_nj`` and ``synaptic_operations``.
        answers: what the predictor says of them, in the same order.
        refused: rows left out because nothing of their input or of a kind of their layers was known.
    """

    rows: pd.DataFrame
    answers: Answers
    refused: int

    def among(self, kept: NDArray[np.bool_]) -> Judged:
        """Some of the rows, by mask; none of those is refused."""
        rows = np.flatnonzero(kept)
        return Judged(self.rows.iloc[rows].reset_index(drop=True), self.answers.take(rows), refused=0)

    def measured(self, target: str) -> Array:
        """float64[rows], in the target's unit."""
        return self.rows[target].to_numpy(dtype=np.float64)

    def inside(self, target: str) -> NDArray[np.bool_]:
        """bool[rows]: whether the measured value lies in its interval."""
        measured, (_, low, high) = self.measured(target), self.answers.intervals[target].T
        inside: NDArray[np.bool_] = (measured >= low) & (measured <= high)
        return inside


def judged(parts: Parts, rows: pd.DataFrame, hardware: Hardware | None = None) -> Judged:
    """Ask a predictor about the rows that ended ok.

    Args:
        parts: the predictor's.
        rows: measured rows of any status, whose ``latency_cycles`` are those of ``hardware``.
        hardware: what the question is for; the fitted one if left out.
    """
    ok = rows[rows["status"] == "ok"].reset_index(drop=True)
    hardware = hardware or parts.hardware
    predictor = Predictor.unsaved(parts)
    questions = questions_of(ok)
    kept = predictor.known(questions)
    refused = len(ok) - len(kept)
    ok, questions = ok.iloc[kept].reset_index(drop=True), questions.take(kept)
    measured = with_costs(ok, questions, parts.references, hardware)
    return Judged(measured, predictor.answer(questions, hardware), refused)


def scores_of(tested: Judged, target: Target) -> dict[str, Any]:
    """All metrics of a target: ``rows``, errors, ``interval_coverage``, and widths on the target's learning scale.

    ``interval_width`` is the mean half width of the intervals, ``constant_width`` the half width that all intervals
    would need to cover as many rows if they were alike.
    """
    measured, (value, low, high) = tested.measured(target.name), tested.answers.intervals[target.name].T
    coverage = float(tested.inside(target.name).mean())
    residuals = np.abs(target.forward(measured) - target.forward(value))
    return {
        "rows": len(measured),
        **scores(target, measured, value),
        "interval_coverage": coverage,
        "interval_width": float((target.forward(high) - target.forward(low)).mean() / 2.0),
        "constant_width": float(np.quantile(residuals, coverage)),
    }


def all_scores(tested: Judged) -> dict[str, dict[str, Any]]:
    """The scores of every target by name, see ``scores_of``; empty without rows."""
    return {name: scores_of(tested, target) for name, target in TARGETS.items()} if len(tested.rows) else {}


def coverage_by(tested: Judged, choice: str) -> dict[str, dict[str, Any]]:
    """By value of a choice: ``rows`` and the coverage of every target's intervals."""
    found = {}
    for value in sorted(tested.rows[choice].unique()):
        among = (tested.rows[choice] == value).to_numpy()
        found[str(value)] = {"rows": int(among.sum())} | {
            name: float(tested.inside(name)[among].mean()) for name in TARGETS
        }
    return found

"""How good a predictor is on rows that its fitting never saw."""

from __future__ import annotations

import numpy as np
import pandas as pd

from spikecast.predictor.fit_parts import questions_of, with_costs
from spikecast.predictor.metrics import scores
from spikecast.predictor.predictor import Parts, Predictor
from spikecast.predictor.targets import TARGETS


def held_out_scores(parts: Parts, rows: pd.DataFrame) -> dict[str, dict[str, float]]:
    """By target: the metrics on the ``test`` rows that ended ok, their number, and the share inside the intervals.

    Networks whose input was measured in no other row are left out.
    """
    kept = rows[(rows["split"] == "test") & (rows["status"] == "ok")].reset_index(drop=True)
    if kept.empty:
        return {}
    questions = questions_of(kept)
    known = np.array([structure.input in parts.references.inputs for structure in questions.structures])
    kept = kept[known[questions.structure_of]].reset_index(drop=True)
    questions = questions_of(kept)
    answers = Predictor(parts, {}).answer(questions, parts.hardware)
    kept = with_costs(kept, questions, parts.references, parts.hardware)
    found = {}
    for name, target in TARGETS.items():
        measured = kept[name].to_numpy(dtype=np.float64)
        value, low, high = answers.intervals[name].T
        inside = (measured >= low) & (measured <= high)
        found[name] = {"rows": len(kept), **scores(target, measured, value), "interval_coverage": float(inside.mean())}
    return found

"""What a predictor must beat on the same rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from spikecast.predictor.features import column_indices
from spikecast.predictor.fit.judge import Judged
from spikecast.predictor.fit.regressors import BASELINES, latency_by_operations
from spikecast.predictor.fit.rows import questions_of
from spikecast.predictor.parts import Parts
from spikecast.predictor.predictor import Predictor
from spikecast.predictor.scores import scores
from spikecast.predictor.targets import TARGETS


def baseline_scores(parts: Parts, train: pd.DataFrame, one: Judged) -> dict[str, dict[str, dict[str, float]]]:
    """By target and baseline: scores on the judged rows of a model fitted on ``train`` (ok rows with costs).

    ``baseline_synaptic_operations`` is latency as a power of the operations that the predictor expects.
    """
    predictor = Predictor(parts, {})
    x_train, x_asked = (predictor.features(questions_of(rows)) for rows in (train, one.rows))
    found: dict[str, dict[str, dict[str, float]]] = {}
    for name, target in TARGETS.items():
        y = target.forward(train[name].to_numpy(dtype=np.float64))
        measured = one.measured(name)
        found[name] = {}
        for label, baseline in BASELINES.items():
            columns = column_indices(baseline.columns)
            predicted = baseline.model.fit(x_train[:, columns], y).predict(x_asked[:, columns])
            found[name][label] = scores(target, measured, target.inverse(predicted))
    latency, operations = TARGETS["latency_cycles"], TARGETS["synaptic_operations"]
    by_operations = latency_by_operations(
        operations.forward(train[operations.name].to_numpy(dtype=np.float64)),
        latency.forward(train[latency.name].to_numpy(dtype=np.float64)),
        operations.forward(one.answers.intervals[operations.name][:, 0]),
    )
    found[latency.name]["baseline_synaptic_operations"] = scores(
        latency, one.measured(latency.name), latency.inverse(by_operations)
    )
    return found

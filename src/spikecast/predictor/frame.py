"""A table of training choices answered row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikecast.accelerator.hardware import Hardware
from spikecast.predictor.batch import read_batch
from spikecast.predictor.targets import ANSWERED

if TYPE_CHECKING:
    import pandas as pd

    from spikecast.predictor.predictor import Predictor


def predicted_frame(predictor: Predictor, frame: pd.DataFrame, hardware: Hardware) -> pd.DataFrame:
    """As ``Predictor.predict_frame``."""
    import pandas as pd
    from threadpoolctl import threadpool_limits

    batch = read_batch(frame)
    refusals = predictor.refusals(batch.questions, hardware)
    refused = {row: why for row, why in zip(batch.rows.tolist(), refusals, strict=True) if why is not None}
    errors, kept = batch.errors | refused, np.flatnonzero([why is None for why in refusals])
    found = np.full((len(frame), 3 * len(ANSWERED) + 1), np.nan)
    in_domain = np.zeros(len(frame), dtype=bool)
    if len(kept):
        # The matrices are small: threads that wait for each other cost more than they bring. Not ``one_thread``,
        # which would load scipy.
        with threadpool_limits(1, user_api="blas"):
            answers = predictor.answer(batch.questions.take(kept), hardware)
        microseconds = hardware.microseconds(answers.intervals["latency_cycles"])
        intervals = answers.intervals | {"latency_us": microseconds}
        ok = answers.outcomes[:, answers.statuses.index("ok"), np.newaxis]
        found[batch.rows[kept]] = np.hstack([*(intervals[name] for name in ANSWERED), ok])
        in_domain[batch.rows[kept]] = [not why for why in answers.reasons]
    names = [f"{name}{end}" for name in ANSWERED for end in ("", "_low", "_high")]
    predicted = pd.DataFrame(found, columns=[*names, "probability_ok"], index=frame.index)
    why = pd.Series([errors.get(row) for row in range(len(frame))], index=frame.index, dtype=object)
    return predicted.assign(in_domain=in_domain, error=why)

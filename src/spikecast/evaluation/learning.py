"""How a predictor gets better with rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast.evaluation.row_order import by_key, shuffled
from spikecast.predictor.fit import one_hardware
from spikecast.predictor.fit_parts import fit_parts
from spikecast.predictor.judged import all_scores, judged

ROWS = (50, 100, 200, 400, 800, 1200)
SHOTS = (0, 5, 10, 20, 50)


def learning_curve(
    rows: pd.DataFrame, traces: pd.DataFrame, asked: pd.DataFrame, sizes: Sequence[int] = ROWS, jobs: int = 1
) -> Iterator[dict[str, Any]]:
    """Scores on ``asked`` of predictors fitted on ever more of ``rows``: ``fitted_rows`` and every target's scores.

    Configurations come in one random order, the seeds of each together, so that every set holds the one before; the
    last configuration of a set may lack some seeds. All are judged on the rows that the first can answer.
    """
    ordered = shuffled(rows)
    for size in [*(size for size in sizes if size < len(ordered)), len(ordered)]:
        parts, _ = fit_parts(by_key(ordered.head(size)), traces, one_hardware(rows), jobs)
        one = judged(parts, asked)
        asked = one.rows
        yield {"fitted_rows": size, "targets": all_scores(one)}


def few_shot(
    rows: pd.DataFrame,
    traces: pd.DataFrame,
    unseen: NDArray[np.bool_],
    jobs: int = 1,
) -> Iterator[dict[str, Any]]:
    """Scores on rows of a new kind after none or a few of them were measured: ``shots`` and every target's scores.

    Args:
        rows, traces: all rows.
        unseen: bool[rows], those of the new kind: half of its configurations are asked about, shots come from the rest.
        jobs: processes.
    """
    new = shuffled(rows[unseen])
    names = new["config_key"].unique()
    first = new["config_key"].isin(names[: len(names) // 2])
    for count in (count for count in SHOTS if count <= first.sum()):
        fitted = by_key(pd.concat([rows[~unseen], new[first].head(count)]))
        parts, _ = fit_parts(fitted, traces, one_hardware(rows), jobs)
        one = judged(parts, new[~first])
        yield {"shots": count, "refused": one.refused, "targets": all_scores(one)}

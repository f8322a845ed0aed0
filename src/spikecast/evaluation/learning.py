"""How a predictor gets better with rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast.evaluation.row_order import shuffled
from spikecast.predictor.judged import all_scores, judged
from spikecast.predictor.parts import Parts

#: Rows -> a predictor that was fitted on them.
Fit = Callable[[pd.DataFrame], Parts]

ROWS = (50, 100, 200, 400, 800, 1200)
SHOTS = (0, 5, 10, 20, 50)


def learning_curve(
    fitted: Fit, rows: pd.DataFrame, asked: pd.DataFrame, sizes: Sequence[int] = ROWS
) -> Iterator[dict[str, Any]]:
    """Scores on ``asked`` of predictors fitted on ever more of ``rows``: ``fitted_rows`` and every target's scores.

    Configurations come in one random order, the seeds of each together, so that every set holds the one before; the
    last configuration of a set may lack some seeds. All are judged on the rows that the first can answer.
    """
    ordered = shuffled(rows)
    for size in [*(size for size in sizes if size < len(ordered)), len(ordered)]:
        one = judged(fitted(ordered.head(size)), asked)
        asked = one.rows
        yield {"fitted_rows": size, "targets": all_scores(one)}


def few_shot(fitted: Fit, rows: pd.DataFrame, unseen: NDArray[np.bool_]) -> Iterator[dict[str, Any]]:
    """Scores on rows of a new kind after none or a few of them were measured: ``shots`` and every target's scores.

    Args:
        fitted: fits a predictor.
        rows: all rows.
        unseen: bool[rows], those of the new kind: half of its configurations are asked about, shots come from the rest.
    """
    new = shuffled(rows[unseen])
    names = new["config_key"].unique()
    first = new["config_key"].isin(names[: len(names) // 2])
    for count in (count for count in SHOTS if count <= first.sum()):
        one = judged(fitted(pd.concat([rows[~unseen], new[first].head(count)])), new[~first])
        yield {"shots": count, "refused": one.refused, "targets": all_scores(one)}

"""How a predictor gets better with rows.

Whether a predictor learns faster from rows that it suggests than from rows chosen at random."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast.advise.uncertainty import most_telling
from spikecast.errors import InputError
from spikecast.evaluation.splits import in_order, random_order, shuffled
from spikecast.predictor.fit.judge import all_scores, judged
from spikecast.predictor.fit.rows import questions_of
from spikecast.predictor.parts import Parts
from spikecast.predictor.predictor import Predictor

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


SIZES = (50, 100, 200, 400)
#: Random beginnings: one alone may be a lucky one.
STARTS = 3


def suggested_curve(
    fitted: Fit,
    rows: pd.DataFrame,
    asked: pd.DataFrame,
    sizes: Sequence[int] = SIZES,
    starts: int = STARTS,
) -> Iterator[dict[str, Any]]:
    """Scores on ``asked`` of predictors fitted on equally many of ``rows``, chosen in two ways.

    At the least of ``sizes`` both have the same random rows. From there to each next size, one goes on at random; the
    other adds the configurations that the predictor fitted last suggests. A configuration comes with all its seeds, but
    that the last of a size may lack some.

    Yields:
        By size ``fitted_rows``, and for each way, ``random`` and ``suggested``, every target's scores from each of
        ``starts`` random beginnings.

    Raises:
        InputError: there are too few rows for two sizes.
    """
    sizes = [size for size in sizes if size < len(rows)]
    if len(sizes) < 2:
        raise InputError(f"{len(rows)} train rows are too few to choose among: characterize more")
    curves = [list(_curve(fitted, rows, random_order(rows, start), sizes, asked)) for start in range(starts)]
    for size, of_starts in zip(sizes, zip(*curves, strict=True), strict=True):
        random, suggested = (list(scores) for scores in zip(*of_starts, strict=True))
        yield {"fitted_rows": size, "random": random, "suggested": suggested}


def _curve(
    fitted: Fit, rows: pd.DataFrame, order: Sequence[str], sizes: Sequence[int], asked: pd.DataFrame
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """By size, scores of random rows and of suggested ones, from one random order of configurations."""
    shuffled = in_order(rows, order)
    chosen = shuffled.head(sizes[0])
    parts = fitted(chosen)
    one = judged(parts, asked)
    # Later predictors could answer more rows.
    asked, scores = one.rows, all_scores(one)
    yield scores, scores
    for size in sizes[1:]:
        chosen = with_suggested(Predictor(parts, {}), chosen, rows, size)
        parts = fitted(chosen)
        at_random = fitted(shuffled.head(size))
        yield all_scores(judged(at_random, asked)), all_scores(judged(parts, asked))


def with_suggested(predictor: Predictor, chosen: pd.DataFrame, rows: pd.DataFrame, size: int) -> pd.DataFrame:
    """``size`` of the ``rows``: those ``chosen`` and what the predictor suggests of the others."""
    configurations = list(chosen["config_key"].unique())
    others = rows[~rows["config_key"].isin(configurations)].drop_duplicates("config_key", ignore_index=True)
    questions = questions_of(others)
    known = predictor.known(questions)
    count = min(size - len(chosen), len(known))
    positions, _ = most_telling(predictor, questions.take(known), count)
    suggested = others["config_key"].to_numpy(dtype=str)[known[positions]]
    return in_order(rows, [*configurations, *suggested]).head(size)

"""Whether a predictor learns faster from rows that it suggests than from rows chosen at random."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from spikecast.errors import InputError
from spikecast.evaluation.learning import Fit
from spikecast.evaluation.row_order import in_order, random_order
from spikecast.predictor.judged import all_scores, judged
from spikecast.predictor.measured_costs import questions_of
from spikecast.predictor.predictor import Predictor
from spikecast.predictor.uncertainty import most_telling

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

"""Predictors fitted on a part of the rows: how they do on the others, and how fast they get better with rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast.advise import most_informative
from spikecast.errors import InputError
from spikecast.evaluation.splits import (
    HARD_SPLITS,
    HardSplit,
    by_key,
    hard_splits,
    in_order,
    random_order,
    shuffled,
    usable_rows,
)
from spikecast.predictor.fit import (
    Learnable,
    all_scores,
    competing_as,
    fit_parts,
    judged,
    one_hardware,
    questions_of,
)
from spikecast.predictor.parts import Parts
from spikecast.predictor.predictor import Predictor

LEARNING, FEW_SHOT, SUGGESTED = "learning", "few-shot", "suggested"
#: What ``evaluate_split`` can do.
SPLITS = (*HARD_SPLITS, LEARNING, FEW_SHOT, SUGGESTED)
#: Rows of a learning curve, shots of a new kind, and rows of a curve of suggested ones.
ROWS, SHOTS, SIZES = (50, 100, 200, 400, 800, 1200), (0, 5, 10, 20, 50), (50, 100, 200, 400)
#: Random beginnings: a single one may be lucky.
STARTS = 3

#: Rows -> a predictor that was fitted on them.
Fit = Callable[[pd.DataFrame], Parts]

ROWS = (50, 100, 200, 400, 800, 1200)
SHOTS = (0, 5, 10, 20, 50)


def evaluate_split(predictor: Predictor, data: Path, split: str, jobs: int = 1) -> Iterator[dict[str, Any]]:
    """Predictors fitted on a part of the rows, on others: what was ``left_out``, row counts, every target's scores; of
    ``suggested``, those of two predictors, see ``suggested_curve``.

    Args:
        predictor: the one that they are like: every target is answered by the kind of model that answers here.
        data: the data folder.
        split: one of ``SPLITS``.
        jobs: processes.

    Raises:
        InputError: the split is not known, or the data cannot be split so.
    """
    if split not in SPLITS:
        raise InputError(f"split {split!r} is not known: allowed: {', '.join(SPLITS)}")
    rows, traces = usable_rows(data)
    train, test = (rows[rows["split"] == name] for name in ("train", "test"))
    if split in (LEARNING, SUGGESTED) and not (test["status"] == "ok").any():
        raise InputError(f"{data} holds no test rows that ended ok, which split {split} asks about: characterize more")
    hardware = one_hardware(rows)
    competing = competing_as({name: target["model"] for name, target in predictor.manifest["targets"].items()})

    def fitted(chosen: pd.DataFrame) -> Parts:
        return fit_parts(Learnable.of(by_key(chosen), traces), hardware, jobs, competing=competing)[0]

    if split == LEARNING:
        return learning_curve(fitted, train, test)
    if split == SUGGESTED:
        return suggested_curve(fitted, train, test)
    if split == FEW_SHOT:
        return _few_shots(fitted, rows)
    return _hard(fitted, rows, hard_splits(rows, split))


def _hard(fitted: Fit, rows: pd.DataFrame, splits: Iterator[HardSplit]) -> Iterator[dict[str, Any]]:
    for part in splits:
        tested = judged(fitted(rows[part.fitted]), rows[part.asked])
        yield {
            "left_out": part.name,
            "fitted_rows": int(part.fitted.sum()),
            "refused": tested.refused,
            "targets": all_scores(tested),
        }


def _few_shots(fitted: Fit, rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    kinds = [choice for choice in ("dataset", "architecture") if rows[choice].nunique() > 1]
    if not kinds:
        raise InputError("split few-shot needs rows of several datasets or architectures: the data hold one of each")
    for choice in kinds:
        for part in hard_splits(rows, f"leave-{choice}-out"):
            for found in few_shot(fitted, rows, part.asked):
                yield {"left_out": part.name} | found


def learning_curve(
    fitted: Fit, rows: pd.DataFrame, asked: pd.DataFrame, sizes: Sequence[int] = ROWS
) -> Iterator[dict[str, Any]]:
    """Scores on ``asked`` of predictors fitted on ever more of ``rows``: ``fitted_rows`` and every target's scores.

    Configurations come in one random order, the seeds of each together, so that every set holds the one before; the
    last configuration of a set may lack some seeds. All are judged on the rows that the first can answer.
    """
    ordered = shuffled(rows)
    for size in [*(size for size in sizes if size < len(ordered)), len(ordered)]:
        tested = judged(fitted(ordered.head(size)), asked)
        asked = tested.rows
        yield {"fitted_rows": size, "targets": all_scores(tested)}


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
        tested = judged(fitted(pd.concat([rows[~unseen], new[first].head(count)])), new[~first])
        yield {"shots": count, "refused": tested.refused, "targets": all_scores(tested)}


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
    tested = judged(parts, asked)
    # Later predictors could answer more rows.
    asked, scores = tested.rows, all_scores(tested)
    yield scores, scores
    for size in sizes[1:]:
        chosen = with_suggested(Predictor.unsaved(parts), chosen, rows, size)
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
    positions, _ = most_informative(predictor, questions.take(known), count)
    suggested = others["config_key"].to_numpy(dtype=str)[known[positions]]
    return in_order(rows, [*configurations, *suggested]).head(size)

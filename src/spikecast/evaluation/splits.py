"""Which rows a predictor is fitted on and which it is asked about: usable ones, their order, and splits between them.

Orders keep the seeds of a configuration together. The splits ask about what there is no row of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast.errors import InputError
from spikecast.rows import read_rows, read_traces

#: Splits by name: the choice whose values are left out in turn, or beyond whose middle a predictor must go.
LEAVE_OUT = {
    "leave-surrogate-out": "surrogate",
    "leave-neuron-out": "neuron",
    "leave-dataset-out": "dataset",
    "leave-architecture-out": "architecture",
}
BEYOND = {"beyond-slope": "slope", "beyond-threshold": "threshold"}
HARD_SPLITS = (*LEAVE_OUT, *BEYOND)

#: Share of the rows on either side that lies beyond.
_BEYOND_SHARE = 0.15


def usable_rows(data: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows by key, but for failed ones, and their traces."""
    rows = read_rows(data).sort_values("key", ignore_index=True)
    return rows[rows["status"] != "failed"].reset_index(drop=True), read_traces(data)


@dataclass(frozen=True)
class HardSplit:
    """Rows to fit on and rows to ask about.

    Attributes:
        name: what is left out, for example ``surrogate atan``.
        fitted, asked: bool[rows].
    """

    name: str
    fitted: NDArray[np.bool_]
    asked: NDArray[np.bool_]


def hard_splits(rows: pd.DataFrame, split: str) -> Iterator[HardSplit]:
    """The splits of one of the kinds HARD_SPLITS.

    Raises:
        InputError: the rows have only one value of what is left out.
    """
    if split in BEYOND:
        return _beyond(rows, BEYOND[split])
    choice = LEAVE_OUT[split]
    if rows[choice].nunique() < 2:
        raise InputError(f"split {split} needs rows of several {choice}s: the data hold {rows[choice].iloc[0]} alone")
    return _left_out(rows, choice)


def _left_out(rows: pd.DataFrame, choice: str) -> Iterator[HardSplit]:
    for value in sorted(rows[choice].unique()):
        asked = (rows[choice] == value).to_numpy()
        yield HardSplit(f"{choice} {value}", ~asked, asked)


def _beyond(rows: pd.DataFrame, choice: str) -> Iterator[HardSplit]:
    # A slope means another thing under every surrogate, so its range is each surrogate's own.
    values = rows.groupby("surrogate")[choice] if choice == "slope" else rows[choice]
    place = values.rank(pct=True).to_numpy()
    for name, asked in (("highest", place > 1.0 - _BEYOND_SHARE), ("lowest", place <= _BEYOND_SHARE)):
        yield HardSplit(f"{name} {choice}s", ~asked, asked)


def shuffled(rows: pd.DataFrame) -> pd.DataFrame:
    """Configurations in a random order that is always the same, the seeds of each together."""
    return in_order(rows, random_order(rows, 0))


def random_order(rows: pd.DataFrame, start: int) -> list[str]:
    """All configurations in a random order; the same ``start``, the same order."""
    return list(np.random.default_rng(start).permutation(np.sort(rows["config_key"].unique())))


def in_order(rows: pd.DataFrame, configurations: Sequence[str]) -> pd.DataFrame:
    """The rows of some configurations in an order of these, the seeds of each together, by key."""
    place = {name: number for number, name in enumerate(configurations)}
    return rows[rows["config_key"].isin(place)].sort_values(
        ["config_key", "key"], key=lambda column: column.map(place) if column.name == "config_key" else column
    )


def by_key(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as a fit takes them."""
    return rows.sort_values("key", ignore_index=True)

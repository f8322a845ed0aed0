"""What checks find in a data folder: in single rows, gathered by kind, and in all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Spot:
    """Something wrong with one row, or with the traces of one.

    Attributes:
        problem: what is wrong and what is allowed; equal for all rows that share it.
        key: the row's key as recorded.
        value: what this row has instead.
    """

    problem: str
    key: str
    value: str


@dataclass(frozen=True)
class Finding:
    """One kind of thing wrong.

    Attributes:
        check: the check that found it.
        problem: what is wrong and what is allowed.
        keys: keys of the rows, as often as a row was found, in the order of the table.
        value: what the first of them has instead.
    """

    check: str
    problem: str
    keys: tuple[str, ...]
    value: str


@dataclass(frozen=True)
class Report:
    """The size of a data folder and everything that is wrong with it.

    Attributes:
        statuses: rows by their status.
        rows: trained networks.
        traces: traces, one per network and layer.
        samples: samples with a whole trace.
        samples_retimed: those whose cycles were computed again from their counts: not where counts or hardware are
            wrong, or where a budget of cores was balanced over samples that were not kept.
        findings: by kind, in the order of the checks; empty for a clean folder.
        complete: whether all checks ran; False: columns hold the wrong type, which the other checks cannot compare.
    """

    statuses: dict[str, int]
    rows: int
    traces: int
    samples: int
    samples_retimed: int
    findings: tuple[Finding, ...]
    complete: bool

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


def by_kind(check: str, spots: Iterable[Spot]) -> list[Finding]:
    """The spots of one check, those of equal problem together, in the order of their first."""
    kinds: dict[str, list[Spot]] = {}
    for spot in spots:
        kinds.setdefault(spot.problem, []).append(spot)
    return [
        Finding(check, problem, tuple(spot.key for spot in alike), alike[0].value) for problem, alike in kinds.items()
    ]


def spots_where(wrong: pd.Series, table: pd.DataFrame, column: str, problem: str) -> Iterator[Spot]:
    """A spot for every row of the table in which the column is ``wrong``."""
    if wrong.any():
        for key, value in zip(table.loc[wrong, "key"], table.loc[wrong, column], strict=True):
            yield Spot(problem, str(key), str(value))

"""The Pareto front, against its definition."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings, strategies as st

from spikecast.advise._pareto import along, front

# Few different values, so that ties are common.
TABLES = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=30).map(
    lambda rows: pd.DataFrame(rows, columns=["cost", "accuracy"]).astype(float)
)


def dominated(row: tuple[float, float], rows: list[tuple[float, float]]) -> bool:
    cost, accuracy = row
    return any(c <= cost and a >= accuracy and (c, a) != row for c, a in rows)


@settings(max_examples=50)
@given(TABLES)
def test_the_front_is_all_that_nothing_dominates(table: pd.DataFrame) -> None:
    rows = list(zip(table["cost"], table["accuracy"], strict=True))
    found = front(table, table["cost"])
    got = list(zip(found["cost"], found["accuracy"], strict=True))
    assert got == sorted({row for row in rows if not dominated(row, rows)})


@settings(max_examples=50)
@given(TABLES, st.integers(2, 5))
def test_points_along_it_keep_the_ends_and_the_order(table: pd.DataFrame, count: int) -> None:
    whole = front(table, table["cost"])
    some = along(whole, whole["cost"], count)
    assert len(some) == min(count, len(whole)) or len(some) < count < len(whole)
    assert some.index[0] == whole.index[0]
    assert some.index[-1] == whole.index[-1]
    assert some.index.tolist() == [label for label in whole.index if label in some.index]


def test_points_along_it_step_evenly() -> None:
    line = pd.DataFrame({"accuracy": [i / 100 for i in range(101)], "cost": [2.0**i for i in range(101)]})
    assert along(line, line["cost"], 5).index.tolist() == [0, 25, 50, 75, 100]

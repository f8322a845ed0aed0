"""Rows of one data set were made from the same recordings."""

from __future__ import annotations

from collections.abc import Callable

from .conftest import Tables

SAID = {
    "data_recordings": 1100,
    "data_events": 4_518_827,
    "data_classes": "0/1",
    "data_side": 34,
    "data_split": "all of Train trains, Test evaluates",
    "data_trained": 800,
    "data_sha256": "a" * 64,
}
Found = Callable[[], dict[str, tuple[str, ...]]]


def say(tables: Tables, rows: int) -> None:
    """Let the first rows say of their recordings."""
    for name, value in SAID.items():
        tables.rows[name] = [value if place < rows else None for place in range(len(tables.rows))]


def test_rows_that_agree_stand_beside_older_ones(tables: Tables, found: Found) -> None:
    say(tables, 6)
    assert found() == {}


def test_other_recordings_under_the_same_name(tables: Tables, found: Found) -> None:
    say(tables, 6)
    key = tables.rows.at[4, "key"]
    tables.rows.at[4, "data_sha256"] = "b" * 64
    assert found() == {"recordings: rows of nmnist must be made from the same recordings": (key,)}


def test_half_of_it(tables: Tables, found: Found) -> None:
    say(tables, 6)
    key = tables.rows.at[2, "key"]
    tables.rows.at[2, "data_classes"] = None
    assert found() == {"recordings: rows must say all of their recordings or nothing": (key,)}


def test_sides_that_are_not_the_whole(tables: Tables, found: Found) -> None:
    say(tables, 6)
    tables.rows.loc[:5, "data_trained"] = 799
    problem = "recordings: data_trained and evaluated_samples must be data_recordings together"
    assert found() == {problem: tuple(tables.rows["key"][:6])}

"""Accuracies that networks which answer one class cannot have."""

from __future__ import annotations

from typing import Any

SILENT = "one class: silent rows must be equally accurate on equal samples"
COLLAPSED = (
    "one class: collapsed rows must be as accurate as one class is frequent: shares of classes add up to 1 at most"
)


def test_a_silent_row_unlike_the_others(tables: Any, found: Any) -> None:
    row = tables.row("silent", 1)
    tables.rows.loc[row, "accuracy"] += 1 / 300
    assert found() == {SILENT: (tables.rows["key"][row],)}


def test_a_collapsed_row_that_is_too_good(tables: Any, found: Any) -> None:
    row = tables.row("collapsed")
    tables.rows.loc[row, "accuracy"] = 0.95
    assert found() == {COLLAPSED: (tables.rows["key"][row],)}


def test_more_shares_than_classes(tables: Any, found: Any) -> None:
    few = tables.rows[tables.rows["status"] == "collapsed"].head(1)
    for right in range(1, 14):
        tables.rows.loc[len(tables.rows)] = {**few.iloc[0], "accuracy": right / 300}
    spotted = found()[COLLAPSED]
    # Ten classes: the silent rows' one, that of the rows that ship, and eight of the new ones at most.
    assert len(spotted) >= 13 - 9

"""Tables as plain values, ready for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame


def records(table: DataFrame) -> list[dict[str, Any]]:
    """A table's rows; without columns that hold nothing."""
    return [
        {str(name): value for name, value in row.items()} for row in table.dropna(axis=1, how="all").to_dict("records")
    ]

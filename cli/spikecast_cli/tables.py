"""The one look of all tables on the terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table


def plain_table(title: str, *columns: str) -> Table:
    """A table without frames: the first column is text, the others are numbers."""
    table = Table(*columns, title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for column in table.columns[1:]:
        column.justify = "right"
        column.no_wrap = True
    return table


def text_column(table: Table, number: int) -> None:
    """Let a column hold text of any length: it is folded where a word is longer than the column."""
    column = table.columns[number]
    column.justify, column.no_wrap, column.overflow = "left", False, "fold"


def plain_console() -> Console:
    """Prints what it is given: names and paths of users may look like rich's markup, and are none."""
    return Console(highlight=False, markup=False)

"""What a page is made of: sections with tables and figures, as plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spikecast.study.interval import Estimate

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

NOTHING = "–"  # noqa: RUF001


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: key of its cells, and its name in JSON.
        head: what stands above it, with its unit.
        form: format of its numbers; empty for text.
    """

    name: str
    head: str
    form: str = ""

    def shown(self, value: object) -> str:
        """A cell as text; an estimate with the ends of its interval."""
        if isinstance(value, Estimate):
            number = self.shown(value.value)
            if math.isnan(value.low):
                return number
            return f"{number} ({self.shown(value.low)} to {self.shown(value.high)})"
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return NOTHING
        return format(value, self.form)


@dataclass(frozen=True)
class Table:
    """A table: ``rows`` hold a value for every column's name; a ``folded`` one opens when it is asked for."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[Any, Any], ...]
    folded: bool = False


@dataclass(frozen=True)
class Picture:
    """A figure, what it shows, and what can be read from it.

    Attributes:
        name: of its file, and unique on the page.
        title: what it shows.
        takeaway: one sentence computed from the numbers.
        left_out: which rows are not in it, and why.
        figure: with room for its title, but without it.
    """

    name: str
    title: str
    takeaway: str
    left_out: str
    figure: Figure


@dataclass(frozen=True)
class Section:
    """A section of the page.

    Attributes:
        name: unique on the page.
        title: above it.
        text: paragraphs that say what is computed and how to read it.
        parts: tables and figures, in order.
        missing: lines that say which rows are not there, and what makes them.
        html: text that came as markdown.
    """

    name: str
    title: str
    text: tuple[str, ...] = ()
    parts: tuple[Table | Picture, ...] = ()
    missing: tuple[str, ...] = ()
    html: str = ""

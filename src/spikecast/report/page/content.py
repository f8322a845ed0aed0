"""What a page is made of, as plain values: sections with tables and figures, and sentences that several share."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from spikecast.choices import network_name
from spikecast.report.look import in_words
from spikecast.rows import STATUSES
from spikecast.study.contexts import Context
from spikecast.study.statistics import Estimate

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


def left_out(rows: pd.DataFrame, drawn: pd.Series[bool]) -> str:
    """Of ``rows``, how many are not ``drawn``, by status; a sentence."""
    absent = rows.loc[~drawn, "status"].value_counts()
    if absent.empty:
        return f"All {len(rows):,} rows are in it."
    kinds = ", ".join(f"{absent[status]:,} {status}" for status in STATUSES if status in absent)
    return f"Left out: {absent.sum():,} of {len(rows):,} rows ({kinds})."


def numbered(names: Iterable[str]) -> list[str]:
    """The names; a second one that is equal gets `` (2)``, and so on."""
    seen: Counter[str] = Counter()
    distinct = []
    for name in names:
        seen[name] += 1
        distinct.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return distinct


def context_line(context: Context) -> str:
    """What a context shares, as ``nmnist, csnn-s, epochs 12, on sparse-core``: of the choices those not the default."""
    rest = dict(context.fixed)
    dataset = str(rest.pop("dataset"))
    network = network_name(dataset, str(rest.pop("architecture")))
    named = [f"{in_words(name)} {value}" for name, value in rest.items()]
    return ", ".join([dataset, network, *(named or ["all else default"]), f"on {context.hardware}"])


def network_line(rows: pd.DataFrame) -> str:
    """Network, data set and hardware of rows alike in them, as ``csnn-s on nmnist, timed on sparse-core``."""
    dataset, architecture, hardware = rows[["dataset", "architecture", "hardware"]].iloc[0]
    return f"{network_name(dataset, architecture)} on {dataset}, timed on {hardware}"

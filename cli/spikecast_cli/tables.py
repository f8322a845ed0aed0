"""The look of tables on the terminal: numbers to the right, no frames, one heading and form for every target."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table

from spikecast.choices import TrainingChoices
from spikecast.wording import HEADINGS

if TYPE_CHECKING:
    from spikecast.predictor import Interval


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


#: Metrics whose column heads are not just their names.
_HEADS = {
    "mae": "MAE",
    "mape_percent": "MAPE %",
    "within_5_percent": "in 5 %",
    "within_10_percent": "in 10 %",
    "spearman": "Spearman",
    "r2": "R2",
}


def metric_head(metric: str) -> str:
    """A metric as a column head; one that has none is shown as it is."""
    return _HEADS.get(metric, metric)


def score_table(name: str, target: Mapping[str, Any]) -> Table:
    """All models, baselines and the seed noise; what they do not share with the shipped model stands below."""
    validation, shipped = target["cross_validation"], target["model"]
    metrics = list(validation["models"][shipped])
    table = plain_table(f"{name}, cross-validated by configuration", "model", *map(metric_head, metrics))
    rest = []

    def add(label: str, scores: Mapping[str, float], last: bool = False) -> None:
        cells = (f"{scores[metric]:.4g}" if metric in scores else "-" for metric in metrics)
        table.add_row(label, *cells, end_section=last)
        others = [f"{metric} {value:.4g}" for metric, value in scores.items() if metric not in metrics]
        if others:
            rest.append(f"{label}: {', '.join(others)}")

    for number, (model, scores) in enumerate(validation["models"].items(), start=1):
        chosen = " (shipped)" if model == shipped else ""
        add(f"{_words(model)}{chosen}", scores, last=number == len(validation["models"]))
    for model, scores in validation["baselines"].items():
        add(_words(model), scores)
    add("seed-to-seed spread", validation["seed_spread"], last=True)
    if target["test"]:
        add("shipped, on test split", target["test"])
    table.caption, table.caption_justify, table.caption_style = "".join(f"{line}\n" for line in rest), "left", ""
    return table


def _words(name: str) -> str:
    return name.replace("_", " ")


#: Heading of every target in tables of many predictions, by its column.
TARGETS = {name: HEADINGS[name].ascii for name in ("accuracy", "sparsity", "latency_us", "energy_nj")}


def number_cell(target: str, value: float) -> str:
    """A target's value: shares to three decimals, others to one, and to none from 1,000 on."""
    if target in ("accuracy", "sparsity"):
        return f"{value:.3f}"
    return f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"


def range_cell(target: str, low: float, high: float) -> str:
    """The ends of an interval."""
    return f"{number_cell(target, low)}-{number_cell(target, high)}"


def interval_cell(target: str, interval: Interval) -> str:
    """A value, and below it the ends of its interval."""
    return f"{number_cell(target, interval.value)}\n{range_cell(target, interval.low, interval.high)}"


def row_cell(target: str, row: Mapping[Any, Any]) -> str:
    """A value, and below it the ends of its interval, from a row of ``predict_frame``."""
    return f"{number_cell(target, row[target])}\n{range_cell(target, row[f'{target}_low'], row[f'{target}_high'])}"


def warn_of(all_choices: Iterable[Mapping[str, Any]]) -> None:
    """Print what is allowed in choices but unlikely to be meant."""
    for warning in dict.fromkeys(text for choices in all_choices for text in TrainingChoices(**choices).warnings):
        print(f"spikecast: warning: {warning}", file=sys.stderr)

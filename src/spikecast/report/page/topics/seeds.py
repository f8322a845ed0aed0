"""How much is the seed: variance within configurations beside variance between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from spikecast.report.look import INK, SURROGATE_MARKS, in_words, panels
from spikecast.report.page.content import Column, Picture, Section, Table, network_line
from spikecast.report.page.frame import framed, legend_above
from spikecast.study.contexts import usual_rows
from spikecast.study.seeds import seed_variance
from spikecast.study.statistics import Estimate
from spikecast.study.study import Study
from spikecast.study.tables import USEFUL_SHARE, useful_only

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

TITLE = "How much is the seed"
#: Quantities by name: column, whether its spread is relative, unit of the spread in hundredths.
_QUANTITIES = {
    "accuracy": ("accuracy", False, "points"),
    "latency": ("latency_cycles", True, "% of latency"),
    "sparsity": ("sparsity", False, "points"),
}


def section(study: Study) -> Section:
    """The section of the page, or which rows are missing for it."""
    # Differences between data sets and networks would count as variance between configurations.
    rows = usual_rows(study.rows)
    ok = rows[rows["status"] == "ok"]
    spreads = _spreads(ok)
    if len(spreads) < 2:
        return Section(
            "seeds",
            TITLE,
            missing=("No two configurations have several ok seeds: spikecast characterize --space spaces/seeds.yaml",),
        )
    useful = ok[ok["config_key"].isin(useful_only(study.table)["config_key"])]
    lines = [*_lines("all ok", ok), *_lines("useful", useful)]
    accuracy, latency = lines[0]["spread"].value, lines[1]["spread"].value
    outcomes = rows.groupby("config_key")["status"]
    return Section(
        "seeds",
        TITLE,
        (
            "Variance within configurations beside variance between them (one-way random effects), over configurations "
            f"of {network_line(rows)}, with two or more ok seeds. "
            f"In {(outcomes.nunique() > 1).sum()} of {(outcomes.size() > 1).sum()} "
            "configurations with several seeds the outcome itself depends on the seed. "
            f"Useful: {USEFUL_SHARE:.0%} of the best accuracy of the same data set and network, or more.",
        ),
        (
            Table(
                "seeds",
                "Share of the variance that is the seed's, and standard deviation between seeds",
                (
                    Column("over", "configurations"),
                    Column("quantity", "quantity"),
                    Column("share_percent", "seed's share of variance, %", ".1f"),
                    Column("spread", "between seeds", ".2f"),
                    Column("unit", "unit"),
                    Column("configurations", "how many", "d"),
                    Column("rows", "rows", "d"),
                ),
                tuple(lines),
            ),
            Picture(
                "seeds",
                "Standard deviation between seeds of one configuration",
                f"Seeds of one configuration differ by {accuracy:.1f} points of accuracy and {latency:.1f} % of "
                f"latency (standard deviation); {lines[0]['share_percent'].value:.1f} % of the variance of "
                "accuracy is the seed's.",
                f"Left out: {len(ok) - spreads['seeds'].sum():,} of {len(ok):,} ok rows, the only ok seed of their "
                f"configuration, and {len(rows) - len(ok):,} rows that are not ok. Dashed: pooled.",
                seed_figure(spreads, accuracy, latency),
            ),
        ),
    )


def _lines(over: str, ok: pd.DataFrame) -> list[dict[str, Any]]:
    """One line per quantity; shares and spreads in hundredths."""
    lines: list[dict[str, Any]] = []
    for name, (column, relative, unit) in _QUANTITIES.items():
        found = seed_variance(ok, column, log=relative)
        lines.append(
            {
                "over": over,
                "quantity": name,
                "share_percent": _times_100(found.share),
                "spread": _times_100(found.spread),
                "unit": unit,
                "configurations": found.configurations,
                "rows": found.rows,
            }
        )
    return lines


def _times_100(share: Estimate) -> Estimate:
    return Estimate(100 * share.value, 100 * share.low, 100 * share.high)


def _spreads(ok: pd.DataFrame) -> pd.DataFrame:
    """Configurations with several ok seeds: surrogate, mean accuracy, standard deviations in points and per cent."""
    groups = ok.groupby("config_key")
    table = groups.agg(surrogate=("surrogate", "first"), accuracy=("accuracy", "mean"), seeds=("key", "size"))
    table["accuracy_points"] = 100 * groups["accuracy"].std()
    table["latency_percent"] = 100 * groups["latency_cycles"].std() / groups["latency_cycles"].mean()
    return table[table["seeds"] > 1]


def seed_figure(spreads: pd.DataFrame, pooled_points: float, pooled_percent: float) -> Figure:
    """Draw each configuration's spread between seeds against its mean accuracy.

    Args:
        spreads: one row per configuration with several ok seeds: ``surrogate``; ``accuracy``, 0..1;
            ``accuracy_points`` and ``latency_percent``, standard deviations.
        pooled_points, pooled_percent: the same over all configurations.
    """
    titles = ("accuracy: standard deviation, points", "latency: standard deviation, %")
    figure = panels(cols=2, subplot_titles=titles, horizontal_spacing=0.1)
    framed(figure, height=460, above=90)
    figure.update_layout(legend=legend_above(1.1))
    for name, mark in SURROGATE_MARKS.items():
        part = spreads[spreads["surrogate"] == name]
        for col, quantity in enumerate(("accuracy_points", "latency_percent"), start=1):
            if part.empty:
                continue
            figure.add_scatter(
                row=1,
                col=col,
                name=in_words(name),
                legendgroup=name,
                showlegend=col == 1,
                x=part["accuracy"],
                y=part[quantity],
                mode="markers",
                marker={"symbol": mark.symbol, "color": mark.color, "size": 8, "opacity": 0.7},
                hovertemplate="accuracy %{x:.1%}: %{y:.1f}<extra></extra>",
            )
    for col, pooled in ((1, pooled_points), (2, pooled_percent)):
        figure.add_hline(pooled, row=1, col=col, line={"color": INK, "width": 1.5, "dash": "dash"})
    figure.update_xaxes(title_text="mean accuracy of the configuration", tickformat=".0%", range=[0, 1])
    figure.update_yaxes(rangemode="tozero")
    figure.update_yaxes(col=1, title_text="between seeds, points")
    figure.update_yaxes(col=2, title_text="between seeds, % of latency")
    return figure

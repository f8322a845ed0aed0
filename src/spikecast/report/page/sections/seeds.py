"""How much is the seed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from spikecast.report.page.figures.seeds import seed_figure
from spikecast.report.page.parts import Column, Picture, Section, Table
from spikecast.report.page.sections.context_line import network_line
from spikecast.study.configurations import USEFUL_SHARE, useful_only
from spikecast.study.contexts import usual_rows
from spikecast.study.interval import Estimate
from spikecast.study.seed_variance import seed_variance
from spikecast.study.study import Study

TITLE = "How much is the seed"
#: Quantities by name: column, whether its spread is relative, unit of the spread in hundredths.
_QUANTITIES = {
    "accuracy": ("accuracy", False, "points"),
    "latency": ("latency_cycles", True, "% of latency"),
    "sparsity": ("sparsity", False, "points"),
}


def section(study: Study) -> Section:
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

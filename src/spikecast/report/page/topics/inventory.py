"""What the data are."""

from __future__ import annotations

from spikecast.choices import network_name
from spikecast.report.page.content import Column, Section, Table
from spikecast.rows import STATUSES
from spikecast.study.counts import core_hours, inventory
from spikecast.study.study import Study


def section(study: Study) -> Section:
    """The section of the page."""
    rows = study.rows
    table = inventory(rows)
    table["network"] = list(map(network_name, table["dataset"], table["architecture"]))
    seeds = rows.groupby("config_key").size()
    versions = rows["versions"].value_counts()
    return Section(
        "data",
        "What the data are",
        (
            f"{len(rows):,} networks of {len(seeds):,} configurations were trained and timed, "
            f"{(seeds > 1).sum():,} configurations with more than one seed ({seeds.max()} at most), in "
            f"{core_hours(rows).sum():,.1f} core-hours. Seeds of one configuration are averaged before configurations "
            "are compared; a mean of a configuration is over its seeds with status ok.",
            "ok: learned something; silent: no output spike on any evaluated recording; collapsed: one class for all "
            "of them; diverged: loss or weights not finite; failed: the trial itself broke.",
            "Made with " + "; ".join(f"{text} ({count:,} rows)" for text, count in versions.sort_index().items()) + ".",
        ),
        (
            Table(
                "inventory",
                "Rows by data set and network",
                (
                    Column("dataset", "data set"),
                    Column("network", "network"),
                    Column("rows", "rows", ",d"),
                    Column("configurations", "configurations", ",d"),
                    Column("several_seeds", "with several seeds", ",d"),
                    *(Column(status, status, ",d") for status in STATUSES),
                    Column("best_accuracy", "best accuracy", ".1%"),
                    Column("core_hours", "core-hours", ",.1f"),
                ),
                tuple(table.to_dict("records")),
            ),
        ),
    )

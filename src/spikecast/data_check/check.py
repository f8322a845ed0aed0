"""All checks of a data folder, one after another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from spikecast.data_check.column_types import column_types
from spikecast.data_check.finding import Spot, by_kind
from spikecast.data_check.hardware import read_hardware
from spikecast.data_check.inputs import inputs
from spikecast.data_check.keys import keys
from spikecast.data_check.layers import layers
from spikecast.data_check.measured_trace import read_measured_traces
from spikecast.data_check.one_class import one_class
from spikecast.data_check.ranges import ranges
from spikecast.data_check.record import read_records
from spikecast.data_check.report import Report
from spikecast.data_check.retiming import retime
from spikecast.data_check.statuses import statuses
from spikecast.data_check.tables import read_tables
from spikecast.data_check.totals import totals
from spikecast.data_check.traced_part import traced_part
from spikecast.data_check.unique import unique


def check_folder(folder: Path) -> Report:
    """Check the tables of a data folder; nothing is written.

    Raises:
        InputError: this is no data folder, or a table is damaged.
    """
    rows, traces = read_tables(folder)
    counted = rows["status"].value_counts().sort_index()
    unchecked = Report(
        statuses={str(status): int(count) for status, count in counted.items()},
        rows=len(rows),
        traces=len(traces),
        samples=0,
        samples_retimed=0,
        findings=tuple(by_kind("types", column_types(rows, traces))),
        complete=False,
    )
    if unchecked.findings:
        return unchecked
    records, bad_choices = read_records(rows)
    hardware, bad_hardware = read_hardware(rows)
    measured, bad_traces = read_measured_traces(records, traces)
    timed, mistimed = retime(measured, hardware)
    checks: dict[str, Iterable[Spot]] = {
        "unique": unique(rows, traces),
        "choices": bad_choices,
        "keys": keys(records),
        "hardware": bad_hardware,
        "ranges": ranges(rows),
        "layers": layers(records),
        "statuses": statuses(records),
        "one class": one_class(records),
        "totals": totals(records, hardware),
        "traces": bad_traces,
        "inputs": inputs(measured),
        "cycles": mistimed,
        "traced part": traced_part(measured, hardware),
    }
    return replace(
        unchecked,
        samples=sum(len(trace.samples) for trace in measured),
        samples_retimed=timed,
        findings=tuple(finding for check, spots in checks.items() for finding in by_kind(check, spots)),
        complete=True,
    )

"""All checks of a data folder, one after another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from spikecast.data_check.finding import Report, Spot, by_kind
from spikecast.data_check.numbers import one_class, statuses, totals
from spikecast.data_check.rows import keys, layers, read_hardware, read_records, recordings
from spikecast.data_check.schema import column_types, ranges, read_tables, trials, unique
from spikecast.data_check.traces import inputs, read_measured_traces, retime, traced_part


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
        "trials": trials(folder),
        "unique": unique(rows, traces),
        "choices": bad_choices,
        "keys": keys(records),
        "hardware": bad_hardware,
        "ranges": ranges(rows),
        "layers": layers(records),
        "recordings": recordings(records),
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

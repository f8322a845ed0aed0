"""``spikecast data``: whether a data folder is what characterize writes."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import spikecast
from spikecast_cli.tables import plain_console, plain_table

if TYPE_CHECKING:
    from spikecast.data_check import Report

#: Exit code of a data folder with something wrong in it.
NOT_CLEAN = 1
_EXAMPLES = 3

app = typer.Typer()


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="Data folder.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON, with all keys.")] = False,
) -> None:
    """Check rows and traces: schema, keys, numbers, statuses, and every trace's cycles; exit code 1 if any is wrong."""
    report = spikecast.data_check.check_folder(folder)
    if as_json:
        print(json.dumps({"folder": str(folder), "clean": report.clean, **asdict(report)}, indent=2))
    else:
        _show(report, folder)
    if not report.clean:
        raise typer.Exit(NOT_CLEAN)


def _show(report: Report, folder: Path) -> None:
    if not report.clean:
        table = plain_table(f"{folder}: wrong", "check", "what is wrong", "rows", "keys")
        table.columns[1].justify = table.columns[3].justify = "left"
        table.columns[1].no_wrap = False
        for finding in report.findings:
            keys = list(dict.fromkeys(finding.keys))[:_EXAMPLES]
            table.add_row(
                finding.check, f"{finding.problem}: {finding.value}", str(len(set(finding.keys))), "\n".join(keys)
            )
        plain_console().print(table)
    statuses = ", ".join(f"{count} {status}" for status, count in report.statuses.items())
    verdict = f"{len(report.findings)} kinds of findings" if report.findings else "clean"
    of_all = "" if report.samples_retimed == report.samples else f" of {report.samples:,}"
    unchecked = "" if report.complete else "; all else is checked once the columns hold the right types"
    print(
        f"{folder}: {verdict}: {report.rows:,} rows ({statuses}), {report.traces:,} traces, "
        f"{report.samples_retimed:,}{of_all} samples re-timed{unchecked}"
    )

"""Check: a row has what its status says, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from spikecast.data_check.finding import Spot
from spikecast.data_check.record import Record
from spikecast.rows import STATUSES


def statuses(records: Iterable[Record]) -> Iterator[Spot]:
    """Simulated networks have all numbers, others none; failed ones alone have an error; silent ones never fire."""
    for record in records:
        if record.status not in STATUSES:
            yield Spot(f"status must be one of {', '.join(STATUSES)}", record.key, record.status)
            continue
        yield from _numbers(record)
        yield from _error(record)
        yield from _silence(record)


def _numbers(record: Record) -> Iterator[Spot]:
    if record.simulated:
        for name in record.lacking:
            yield Spot(f"{record.status} rows must have a finite number in {name}", record.key, _value(record, name))
    else:
        trained = ["train_seconds", "kept_epoch"] if record.status == "failed" else []
        for name in [*record.measured_columns, *trained]:
            if record.has(name):
                yield Spot(f"{record.status} rows must have no {name}", record.key, _value(record, name))
    if record.status != "failed" and not math.isfinite(record.values["train_seconds"]):
        name = "train_seconds"
        yield Spot(f"{record.status} rows must have a finite number in {name}", record.key, _value(record, name))


def _error(record: Record) -> Iterator[Spot]:
    error = record.values["error"] if record.has("error") else ""
    if record.status == "failed" and not error:
        yield Spot("failed rows must have an error", record.key, "none")
    if record.status != "failed" and error:
        yield Spot("only failed rows may have an error", record.key, f"{record.status}: {error}")


def _silence(record: Record) -> Iterator[Spot]:
    column = f"sparsity_{record.layers[-1].name}"
    if not record.simulated or not record.has(column):
        return
    sparsity = record.values[column]
    if (sparsity == 1) != (record.status == "silent"):
        yield Spot(
            "rows must be silent where the last layer never fires, and only there",
            record.key,
            f"{record.status}, {column} {sparsity:g}",
        )


def _value(record: Record, name: str) -> str:
    return f"{record.values[name]:g}" if record.has(name) else "none"

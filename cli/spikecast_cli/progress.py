"""The bar that a characterization draws on stderr."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable


def show_progress(statuses: Iterable[str], total: int, done: int) -> Counter[str]:
    """Draw a bar with the rate and the time left while trials finish; returns how many had which status."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    counts: Counter[str] = Counter()
    with Progress(*columns, console=Console(file=sys.stderr), speed_estimate_period=600) as progress:
        task = progress.add_task("trials", total=total, completed=done, rate="")
        for status in statuses:
            counts[status] += 1
            elapsed = progress.tasks[task].elapsed or 1.0
            rate = f"{60 * counts.total() / elapsed:.1f}/min"
            shown = " ".join(f"{name} {count}" for name, count in sorted(counts.items()))
            progress.update(task, advance=1, rate=rate, description=shown)
    return counts

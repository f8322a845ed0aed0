"""``spikecast characterize``: train and simulate many configurations into a data folder."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Annotated

import typer

from spikecast.errors import InputError


def characterize(
    space: Annotated[Path, typer.Option(help="YAML file that says which choices to try.")],
    out: Annotated[Path, typer.Option(help="Data folder; finished trials in it are kept and skipped.")],
    jobs: Annotated[int, typer.Option(min=1, help="Trials at once, one process and one thread each.")] = 1,
    hardware: Annotated[str, typer.Option(help="Shipped hardware or a YAML file.")] = "sparse-core",
    networks: Annotated[bool, typer.Option("--networks", help="Keep every trained network, for simulate.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Train, simulate and time many configurations. Safe to interrupt: run it again to go on."""
    try:
        from spikecast.characterize.runner import pending, run
        from spikecast.characterize.store import Store
    except ModuleNotFoundError as error:
        raise InputError(
            f"characterize needs {error.name}, which is not installed: pip install 'spikecast[train]'"
        ) from None
    from spikecast.accelerator import load_hardware
    from spikecast.characterize.space import load_space
    from spikecast.events import load_dataset

    trials = load_space(space).trials()
    target = load_hardware(hardware)
    for name in {choices.dataset for choices in trials}:
        load_dataset(name)
    store = Store(out, keep_networks=networks)
    todo = pending(trials, store)
    try:
        if todo:
            _show_progress(run(todo, store, target, jobs), total=len(trials), done=len(trials) - len(todo))
    except BrokenProcessPool:
        print(
            "spikecast: a worker process was killed, perhaps for want of memory; finished trials are kept: "
            "run again, with fewer --jobs if memory is short",
            file=sys.stderr,
        )
        raise typer.Exit(1) from None
    finally:
        rows = store.compact() if store.finished() else None
    counts = {} if rows is None else dict(Counter(rows["status"]))
    if as_json:
        print(json.dumps({"out": str(out), "trials": len(trials), "ran": len(todo), "rows": counts}))
    else:
        listed = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
        print(f"{out}: ran {len(todo)} of {len(trials)} trials; rows: {listed}")
        for reason in [] if rows is None else rows.loc[rows["status"] == "failed", "error"].unique():
            print(f"failed: {reason}")


def _show_progress(statuses: Iterable[str], total: int, done: int) -> None:
    """Draw a bar with the rate and the time left while trials finish."""
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

"""``spikecast characterize``: train and simulate many configurations into a data folder."""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from spikecast.errors import InputError, needs
from spikecast_cli.options import HardwareOption

if TYPE_CHECKING:
    from pandas import DataFrame

    from spikecast.accelerator import Hardware
    from spikecast.characterize.runner import Backend
    from spikecast.characterize.store import Store


def characterize(
    context: typer.Context,
    action: Annotated[
        Literal["status"] | None,
        typer.Argument(help="Instead of running: status, how far the run into a data folder is.", show_default=False),
    ] = None,
    folder: Annotated[Path | None, typer.Argument(help="Data folder, behind status.", show_default=False)] = None,
    space: Annotated[
        Path | None, typer.Option(help="YAML file that says which choices to try.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Data folder; finished trials in it are kept and skipped. With --suggest, the space file to write.",
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Trials at once, one process and one thread each.")] = 1,
    hardware: HardwareOption = "sparse-core",
    events: Annotated[
        Path | None,
        typer.Option(
            help="Folder of data sets that do not come along, instead of $SPIKECAST_EVENTS.", show_default=False
        ),
    ] = None,
    networks: Annotated[bool, typer.Option("--networks", help="Keep every trained network, for simulate.")] = False,
    budget: Annotated[
        str | None, typer.Option(help="Begin no trial after this time, such as 90s, 30m or 2h.", show_default=False)
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how much is left and how long it would take.")
    ] = False,
    backend: Annotated[Literal["joblib", "dask"], typer.Option(help="Processes here, or a dask cluster.")] = "joblib",
    scheduler: Annotated[
        str | None,
        typer.Option(
            help="Address of a dask scheduler; without it, dask starts --jobs workers here.", show_default=False
        ),
    ] = None,
    suggest: Annotated[
        int | None,
        typer.Option(
            help="Run nothing: suggest so many networks to measure next, every other one that which would tell a "
            "predictor most, out of --space or else of all between what it knows.",
            show_default=False,
        ),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(help="With --suggest: predictor bundle; the shipped one if left out.", show_default=False),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="With --suggest: data folder measured after the model was fitted.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Train, simulate and time many configurations. Safe to interrupt: run it again to go on.

    ``spikecast characterize status DATA`` says how far a run is, ``--suggest N`` what to measure next.
    """
    from spikecast_cli.characterize_more import require_fitting_options, show_plan, show_status, show_suggestion
    from spikecast_cli.options import parse_duration
    from spikecast_cli.progress import show_progress

    require_fitting_options(context)
    if suggest is not None:
        show_suggestion(suggest, space, out, data, model, hardware, as_json)
        return
    if action == "status":
        show_status(_given(folder, "argument 'FOLDER'"), as_json)
        return
    space, out = _given(space, "option '--space'"), _given(out, "option '--out'")
    seconds = math.inf if budget is None else parse_duration(budget, "--budget")
    if scheduler is not None and backend != "dask":
        raise InputError(f"--scheduler {scheduler} is of no use to --backend {backend}: add --backend dask")
    if events is not None:
        if not events.is_dir():
            raise InputError(f"--events {events} is not a folder: give the one that holds the data sets")
        # Workers may have been started elsewhere.
        events = events.absolute()
    with needs("characterize", "train"):
        from spikecast.characterize.runner import ELSEWHERE, pending, run
        from spikecast.characterize.store import Store
    from spikecast.accelerator import load_hardware
    from spikecast.accelerator.allocation import planned_allocation
    from spikecast.characterize.space import load_space
    from spikecast.events import load_dataset

    trials = load_space(space).trials()
    target = load_hardware(hardware)
    for layers in {choices.layers for choices in trials}:
        planned_allocation(layers, target)
    if dry_run:
        show_plan(trials, out, jobs, networks, as_json)
        return
    for name in {choices.dataset for choices in trials}:
        load_dataset(name, events)
    with _backend(backend, scheduler, jobs, events) as backend_of:
        store = Store(out, keep_networks=networks)
        todo = pending(trials, store)
        try:
            statuses = run(backend_of(store, target), todo, seconds)
            seen = show_progress(statuses, len(trials), len(trials) - len(todo)) if todo else Counter[str]()
        except BrokenProcessPool:
            print(
                "spikecast: a worker process was killed, perhaps for want of memory; finished trials are kept: "
                "run again, with fewer --jobs if memory is short",
                file=sys.stderr,
            )
            raise typer.Exit(1) from None
        finally:
            rows = store.compact() if store.finished() else None
    _show_summary(
        rows,
        {"out": str(out), "trials": len(trials), "ran": seen.total() - seen[ELSEWHERE]},
        elsewhere=seen[ELSEWHERE],
        left=len(todo) - seen.total(),
        as_json=as_json,
    )


@contextmanager
def _backend(
    name: str, scheduler: str | None, jobs: int, events: Path | None
) -> Iterator[Callable[[Store, Hardware], Backend]]:
    """How to make the backend of a store; a cluster is there for as long as the block lasts."""
    if name == "dask":
        from spikecast.characterize.dask_backend import cluster, connect

        with connect(scheduler, jobs) as client:
            yield partial(cluster, client=client, events=events)
    else:
        from spikecast.characterize.runner import local_processes

        yield partial(local_processes, jobs=jobs, events=events)


def _show_summary(rows: DataFrame | None, run: dict[str, Any], elsewhere: int, left: int, as_json: bool) -> None:
    counts = {} if rows is None else dict(Counter(rows["status"]))
    if as_json:
        beside = {"elsewhere": elsewhere} if elsewhere else {}
        stopped = {"stopped": "budget", "left": left} if left else {}
        print(json.dumps({**run, "rows": counts, **beside, **stopped}))
        return
    listed = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    beside_it = f" ({elsewhere} more by another run)" if elsewhere else ""
    print(f"{run['out']}: ran {run['ran']} of {run['trials']} trials{beside_it}; rows: {listed}")
    if left:
        print(f"stopped: the time of --budget is over, {left} trials are left; run again to go on")
    for reason in [] if rows is None else rows.loc[rows["status"] == "failed", "error"].unique():
        print(f"failed: {reason}")


def _given(value: Path | None, name: str) -> Path:
    """An option that only one way of calling needs."""
    if value is None:
        raise InputError(f"Missing {name}; see spikecast characterize --help")
    return value

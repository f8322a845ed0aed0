"""``spikecast characterize``: train and simulate many configurations into a data folder."""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

import spikecast
from spikecast._util.files import require_file_path
from spikecast.accelerator import DEFAULT_HARDWARE
from spikecast.errors import InputError, needs
from spikecast_cli.characterize_tables import described_recordings, show_plan, show_status, show_suggestion
from spikecast_cli.options import HardwareOption, parse_duration, with_options
from spikecast_cli.progress import show_progress
from spikecast_cli.tables import plain_console, warn_of

if TYPE_CHECKING:
    from pandas import DataFrame

    from spikecast.accelerator import Hardware
    from spikecast.advise import Suggestion
    from spikecast.characterize import Backend, Store
    from spikecast.choices import TrainingChoices
    from spikecast.predictor import Predictor


@dataclass(frozen=True)
class Characterization:
    """What ``spikecast characterize`` is asked: to run a space, to plan it, to say how far it is, or to suggest one."""

    action: Annotated[
        Literal["status"] | None,
        typer.Argument(help="Instead of running: status, how far the run into a data folder is.", show_default=False),
    ] = None
    folder: Annotated[Path | None, typer.Argument(help="Data folder, behind status.", show_default=False)] = None
    space: Annotated[
        Path | None, typer.Option(help="YAML file that says which choices to try.", show_default=False)
    ] = None
    out: Annotated[
        Path | None,
        typer.Option(
            help="Data folder; finished trials in it are kept and skipped. With --suggest, the space file to write.",
            show_default=False,
        ),
    ] = None
    jobs: Annotated[int, typer.Option(min=1, help="Trials at once, one process and one thread each.")] = 1
    hardware: HardwareOption = DEFAULT_HARDWARE
    events: Annotated[
        Path | None,
        typer.Option(
            help="Folder of data sets that do not come along, instead of $SPIKECAST_EVENTS.", show_default=False
        ),
    ] = None
    networks: Annotated[bool, typer.Option("--networks", help="Keep every trained network, for simulate.")] = False
    budget: Annotated[
        str | None, typer.Option(help="Begin no trial after this time, such as 90s, 30m or 2h.", show_default=False)
    ] = None
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how much is left and how long it would take.")
    ] = False
    backend: Annotated[Literal["joblib", "dask"], typer.Option(help="Processes here, or a dask cluster.")] = "joblib"
    scheduler: Annotated[
        str | None,
        typer.Option(
            help="Address of a dask scheduler; without it, dask starts --jobs workers here.", show_default=False
        ),
    ] = None
    suggest: Annotated[
        int | None,
        typer.Option(
            help="Run nothing: suggest so many networks to measure next, every other one that which would tell a "
            "predictor most, out of --space or else of all between what it knows.",
            show_default=False,
        ),
    ] = None
    model: Annotated[
        Path | None,
        typer.Option(help="With --suggest: predictor bundle; the shipped one if left out.", show_default=False),
    ] = None
    data: Annotated[
        Path | None,
        typer.Option(help="With --suggest: data folder measured after the model was fitted.", show_default=False),
    ] = None
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False


@with_options(Characterization)
def characterize(context: typer.Context, asked: Characterization) -> None:
    """Train, simulate and time many configurations. Safe to interrupt: run it again to go on.

    ``spikecast characterize status DATA`` says how far a run is, ``--suggest N`` what to measure next.
    """
    _require_fitting_options(context)
    if asked.suggest is not None:
        _suggest(asked.suggest, asked)
    elif asked.action == "status":
        show_status(_given(asked.folder, "argument 'FOLDER'"), asked.as_json)
    else:
        _run(_given(asked.space, "option '--space'"), _given(asked.out, "option '--out'"), asked)


def _run(space: Path, out: Path, asked: Characterization) -> None:
    """Run what is left of a space, or with ``--dry-run`` only say how much that is."""
    seconds = math.inf if asked.budget is None else parse_duration(asked.budget, "--budget")
    if asked.scheduler is not None and asked.backend != "dask":
        raise InputError(f"--scheduler {asked.scheduler} is of no use to --backend {asked.backend}: add --backend dask")
    if asked.events is not None and not asked.events.is_dir():
        raise InputError(f"--events {asked.events} is not a folder: give the one that holds the data sets")
    # Workers may have been started elsewhere.
    events = asked.events and asked.events.absolute()
    with needs("characterize", "train"):
        harness = spikecast.characterize
        _ = harness.run, harness.Store
    trials = harness.load_space(space).trials()
    target = spikecast.load_hardware(asked.hardware)
    for layers in {choices.layers for choices in trials}:
        spikecast.accelerator.planned_allocation(layers, target)
    if asked.dry_run:
        show_plan(trials, out, asked.jobs, asked.networks, asked.as_json)
        return
    opened = list(_open_datasets(trials, events, out))
    with _backend(asked, events) as backend_of:
        store = harness.Store(out, keep_networks=asked.networks)
        print(*opened, sep="\n", file=sys.stderr)
        _finish(trials, store, backend_of(store, target), seconds, asked.as_json)


def _open_datasets(trials: list[TrainingChoices], events: Path | None, out: Path) -> Iterator[str]:
    """Read every data set of some trials; what there is, in lines. It is refused if the store was made from another."""
    for choices in {choices.dataset: choices for choices in reversed(trials)}.values():
        binned = spikecast.events.load_binned(choices.dataset, choices.timesteps, choices.input_size, events)
        assert binned.identity is not None
        older = spikecast.characterize.require_same_recordings(out, choices.dataset, binned.identity.columns())
        yield described_recordings(choices, binned.identity, binned.lit)
        if older:
            yield f"{older} older rows of {out} do not say which recordings made them"


def _finish(trials: list[TrainingChoices], store: Store, backend: Backend, seconds: float, as_json: bool) -> None:
    """Run what a store lacks of some trials, as long as there is time, and say what came of it."""
    harness = spikecast.characterize
    todo = harness.pending(trials, store)
    try:
        statuses = harness.run(backend, todo, seconds)
        seen = show_progress(statuses, len(trials), len(trials) - len(todo)) if todo else Counter[str]()
    except BrokenProcessPool:
        print(
            "spikecast: a worker process was killed, perhaps for want of memory; finished trials are kept: "
            "run again, with fewer --jobs if memory is short",
            file=sys.stderr,
        )
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        print(f"spikecast: finished trials are kept in {store.folder}: run again to go on", file=sys.stderr)
        raise
    finally:
        rows = store.compact() if store.finished() else None
        for path in harness.damaged_trials(store.folder):
            print(f"spikecast: set aside {path}, no whole trial: look at it, and remove it", file=sys.stderr)
    elsewhere, left = seen[harness.ELSEWHERE], len(todo) - seen.total()
    ran = {"out": str(store.folder), "trials": len(trials), "ran": seen.total() - elsewhere}
    if as_json:
        counts = {} if rows is None else dict(Counter(rows["status"]))
        beside = {"elsewhere": elsewhere} if elsewhere else {}
        stopped = {"stopped": "budget", "left": left} if left else {}
        print(json.dumps({**ran, "rows": counts, **beside, **stopped}))
    else:
        _show_summary(rows, f"{ran['out']}: ran {ran['ran']} of {ran['trials']} trials", elsewhere, left)


@contextmanager
def _backend(asked: Characterization, events: Path | None) -> Iterator[Callable[[Store, Hardware], Backend]]:
    """How to make the backend of a store; a cluster is there for as long as the block lasts."""
    harness = spikecast.characterize
    if asked.backend == "dask":
        with harness.connect(asked.scheduler, asked.jobs) as client:
            yield partial(harness.cluster, client=client, events=events)
    else:
        yield partial(harness.local_processes, jobs=asked.jobs, events=events)


def _show_summary(rows: DataFrame | None, ran: str, elsewhere: int, left: int) -> None:
    counts = {} if rows is None else dict(Counter(rows["status"]))
    listed = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    beside_it = f" ({elsewhere} more by another run)" if elsewhere else ""
    print(f"{ran}{beside_it}; rows: {listed}")
    if left:
        print(f"stopped: the time of --budget is over, {left} trials are left; run again to go on")
    for reason in [] if rows is None else rows.loc[rows["status"] == "failed", "error"].unique():
        print(f"failed: {reason}")


def _given(value: Path | None, name: str) -> Path:
    """An option that only one way of calling needs."""
    if value is None:
        raise InputError(f"Missing {name}; see spikecast characterize --help")
    return value


def _suggest(count: int, asked: Characterization) -> None:
    """Suggest what to measure, print it, and write it as a space if there is an ``out``."""
    space, out = asked.space, asked.out
    if out is not None:
        require_file_path(out, "a space", ".yaml", ".yml")
    candidates = None if space is None else spikecast.characterize.load_space(space).trials()
    if out is not None and space is not None and out.exists() and out.samefile(space):
        raise InputError(f"--out {out} is the space to choose from: use another name")
    measured = [] if asked.data is None else _measured(asked.data)
    predictor = spikecast.Predictor.load(asked.model)
    with Console(stderr=True).status("searching"):
        found = spikecast.advise.suggest(predictor, count, candidates, measured_since=measured, hardware=asked.hardware)
    trials = [network.choices for network in found.networks]
    warn_of(choices.model_dump() for choices in trials)
    if out is not None:
        spikecast.characterize.write_space(out, out.stem, _description(found, predictor), trials)
    if asked.as_json:
        print(json.dumps(found.to_dict(), indent=2))
    else:
        show_suggestion(plain_console(), found, out)


def _measured(data: Path) -> list[TrainingChoices]:
    """The finished trials of a data folder."""
    harness = spikecast.characterize
    harness.require_store(data)
    return [spikecast.rows.choices_of(row) for row in harness.finished_rows(data).to_dict("records")]


def _description(found: Suggestion, predictor: Predictor) -> str:
    fitted = predictor.manifest["data"]["sha256"][:12]
    return (
        f"suggested by spikecast: {len(found.networks)} of {found.candidates} candidates, those of which the predictor "
        f"fitted on data {fitted} is least sure"
    )


#: Options of suggestions alone, and those that they share with runs; all others say how to run trials.
_OWN = ("model", "data")
_SHARED = ("space", "out", "hardware", "as_json")


def _require_fitting_options(context: typer.Context) -> None:
    """Check that the given options go with ``--suggest``, or without it.

    Raises:
        InputError: one does not.
    """
    suggests = context.params["suggest"] is not None
    for parameter in context.command.params:
        name = str(parameter.name)
        source = context.get_parameter_source(name)
        if source is None or source.name == "DEFAULT":
            continue
        value = context.params[name]
        spelled = parameter.opts[0] if value is True else f"{parameter.opts[0]} {value}"
        if parameter.param_type_name == "argument":
            spelled = str(value)
        if suggests and name not in ("suggest", *_OWN, *_SHARED):
            raise InputError(f"{spelled} does not go with --suggest, which runs nothing: leave one of them out")
        if not suggests and name in _OWN:
            raise InputError(f"{spelled} is for suggestions alone: add --suggest N, or leave it out")

"""Run many trials in parallel into a store, beside other runs on the same store."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from joblib import Parallel, delayed

from spikecast.accelerator import Hardware
from spikecast.characterize.store import Store
from spikecast.characterize.trial import run_trial
from spikecast.choices import TrainingChoices

#: What ``run`` yields for a trial that another run on the same store has finished.
ELSEWHERE = "elsewhere"

#: What became of a trial that has no row yet: another run works on it; the time was over before it began.
TAKEN, LATE = "taken", "late"

#: Takes trials and the time (of ``time.time()``) after which none may begin; yields each with its status,
#: ELSEWHERE, TAKEN or LATE.
Backend = Callable[[Iterable[TrainingChoices], float], Iterator[tuple[TrainingChoices, str]]]

_LOOK_AGAIN_SECONDS = 0.5


def pending(trials: Sequence[TrainingChoices], store: Store) -> list[TrainingChoices]:
    """The trials that the store does not have yet."""
    finished = store.finished()
    return [choices for choices in trials if choices.key not in finished]


def run(backend: Backend, trials: Sequence[TrainingChoices], budget_seconds: float = math.inf) -> Iterator[str]:
    """Run trials on a backend, such as ``local_processes``; yields the status of each as it finishes, already in the
    store.

    A trial that another run is working on is left to it, and taken up at the end if that run died. No trial
    begins later than ``budget_seconds`` from now; those that run by then finish.
    """
    deadline = time.time() + budget_seconds
    left = list(trials)
    while left:
        taken = []
        for choices, status in backend(before(deadline, left), deadline):
            if status == TAKEN:
                taken.append(choices)
            elif status != LATE:
                yield status
        left = taken if time.time() < deadline else []
        if left:
            time.sleep(_LOOK_AGAIN_SECONDS)


def before(deadline: float, trials: Iterable[TrainingChoices]) -> Iterator[TrainingChoices]:
    """The trials that are asked for before the deadline."""
    return itertools.takewhile(lambda _: time.time() < deadline, trials)


def local_processes(store: Store, hardware: Hardware, jobs: int, events: Path | None = None) -> Backend:
    """Trials in ``jobs`` processes of this machine, by joblib.

    Args:
        store: keeps every trial that ends.
        hardware: that times them.
        jobs: processes.
        events: folder of the data sets that do not come with spikecast; None: the one that the environment names.
    """

    def backend(trials: Iterable[TrainingChoices], deadline: float) -> Iterator[tuple[TrainingChoices, str]]:
        parallel = Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1, pre_dispatch="2*n_jobs")
        yield from parallel(delayed(_run_and_keep)(choices, store, hardware, deadline, events) for choices in trials)

    return backend


def _run_and_keep(
    choices: TrainingChoices, store: Store, hardware: Hardware, deadline: float, events: Path | None
) -> tuple[TrainingChoices, str]:
    # The worker itself keeps the result: if the parent dies, the finished trial is not lost.
    if time.time() >= deadline:
        return choices, LATE
    with store.claims.taken(choices.key) as free:
        if not free:
            return choices, TAKEN
        if choices.key in store.finished():
            return choices, ELSEWHERE
        result = run_trial(choices, hardware, events)
        store.add(result)
        return choices, str(result.row["status"])

"""Run many trials in parallel into a store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from joblib import Parallel, delayed

from spikecast.accelerator import Hardware
from spikecast.characterize.store import Store
from spikecast.characterize.trial import run_trial
from spikecast.choices import TrainingChoices


def pending(trials: Sequence[TrainingChoices], store: Store) -> list[TrainingChoices]:
    """The trials that the store does not have yet."""
    finished = store.finished()
    return [choices for choices in trials if choices.key not in finished]


def run(trials: Sequence[TrainingChoices], store: Store, hardware: Hardware, jobs: int) -> Iterator[str]:
    """Run trials in ``jobs`` processes; yields the status of each as it finishes, already in the store."""
    parallel = Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1, pre_dispatch="2*n_jobs")
    yield from parallel(delayed(_run_and_keep)(choices, store, hardware) for choices in trials)


def _run_and_keep(choices: TrainingChoices, store: Store, hardware: Hardware) -> str:
    # The worker itself keeps the result: if the parent dies, the finished trial is not lost.
    result = run_trial(choices, hardware)
    store.add(result)
    return str(result.row["status"])

"""Trials on a dask.distributed cluster.

Workers only compute: results come back to this process, which keeps them, so workers need no shared folder. A
trial whose worker dies is run again by the scheduler; it is kept once, when it comes back.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikecast.accelerator import Hardware
from spikecast.characterize.runner import ELSEWHERE, TAKEN, Backend
from spikecast.characterize.store import Store
from spikecast.characterize.trial import TrialResult, run_trial
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError, needs

if TYPE_CHECKING:
    from distributed import Client
    from filelock import FileLock

_ANSWER_SECONDS = 5
#: Where a cluster of our own says how it is: at no fixed port, which another may have, and to this machine alone.
_ANY_PORT = "127.0.0.1:0"

#: Seeds and the number of threads belong to a whole process, so one process trains one network at a time.
_one_at_a_time = threading.Lock()


@contextmanager
def connect(scheduler: str | None, jobs: int) -> Iterator[Client]:
    """A client of the scheduler at an address such as ``tcp://host:8786``; None starts ``jobs`` processes here.

    Raises:
        InputError: ``distributed`` is not installed, or the scheduler does not answer.
    """
    distributed = _distributed()
    # What goes wrong is said in one line; these would add a traceback for a stream that closes, or a try to reconnect.
    for chatty in ("distributed.client", "distributed.batched"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    if scheduler is None:
        with (
            distributed.LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=_ANY_PORT) as workers,
            distributed.Client(workers) as client,
        ):
            yield client
        return
    try:
        asyncio.run(_knock(scheduler))
        client = distributed.Client(scheduler, timeout=_ANSWER_SECONDS)
    except (OSError, ValueError):
        raise InputError(
            f"no dask scheduler answers at {scheduler} within {_ANSWER_SECONDS} s: "
            "start one with dask scheduler, or correct --scheduler"
        ) from None
    with client:
        yield client


async def _knock(scheduler: str) -> None:
    """Raise TimeoutError if what listens there does not answer: distributed's own client would wait for ever."""
    connecting = _distributed().comm.connect(scheduler, timeout=_ANSWER_SECONDS)
    (await asyncio.wait_for(connecting, _ANSWER_SECONDS)).abort()


def cluster(store: Store, hardware: Hardware, client: Client, events: Path | None = None) -> Backend:
    """Trials on the workers of a cluster, as many at once as it has workers.

    Args:
        store: keeps every trial that comes back.
        hardware: that times them.
        client: of the cluster's scheduler.
        events: folder, on the machines of the workers, of the data sets that do not come with spikecast; None: the one
            that their environment names.
    """

    def backend(trials: Iterable[TrainingChoices], _deadline: float) -> Iterator[tuple[TrainingChoices, str]]:
        waiting = iter(trials)
        claims: dict[Any, tuple[TrainingChoices, FileLock]] = {}
        arriving = _distributed().as_completed()
        try:
            while True:
                while len(claims) < max(1, len(client.scheduler_info(n_workers=-1)["workers"])):
                    choices = next(waiting, None)
                    if choices is None:
                        break
                    claim = store.claims.take(choices.key)
                    if claim is None:
                        yield choices, TAKEN
                    elif choices.key in store.finished():
                        claim.release()
                        yield choices, ELSEWHERE
                    else:
                        future = client.submit(_compute, choices, hardware, events, pure=False)
                        claims[future] = choices, claim
                        arriving.add(future)
                if not claims:
                    return
                future = next(arriving)
                result = _result(future)
                store.add(result)
                choices, claim = claims.pop(future)
                claim.release()
                yield choices, str(result.row["status"])
        finally:
            for _, claim in claims.values():
                claim.release()

    return backend


def _distributed() -> Any:
    with needs("--backend dask", "cluster"):
        return importlib.import_module("distributed")


def _compute(choices: TrainingChoices, hardware: Hardware, events: Path | None) -> TrialResult:
    with _one_at_a_time:
        return run_trial(choices, hardware, events)


def _result(future: Any) -> TrialResult:
    distributed = _distributed()
    try:
        result: TrialResult = future.result()
    except distributed.KilledWorker:
        raise InputError(
            "a trial was lost with every worker that tried it, perhaps for want of memory; finished trials are "
            "kept: give the workers more memory, and run again"
        ) from None
    except (distributed.CancelledError, OSError):
        raise InputError("the dask scheduler went away; finished trials are kept: start it, and run again") from None
    return result

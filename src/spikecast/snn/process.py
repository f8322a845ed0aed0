"""What training changes in its process: torch's settings, which are put back, and memory, which is given back."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

#: Parameters of glibc's mallopt and their values: no block, however large, comes from fresh pages instead of the heap
#: (M_MMAP_MAX), and the heap keeps what is freed (M_TRIM_THRESHOLD, M_TOP_PAD, in bytes).
_MALLOPT = {-4: 0, -1: 2**31 - 1, -2: 64 * 2**20}


@contextmanager
def repeatable_torch(seed: int, threads: int | None = None) -> Iterator[None]:
    """Let torch compute the same numbers in every run of a block, and leave the caller's torch as it was.

    Within the block the processor's global generator is seeded, algorithms are deterministic, and new arrays are not
    filled, which only helps to find reads of what was never written. Behind it, however it ends, all of that, the
    state of the generator and the number of threads are what they were. These belong to the whole process: no other
    thread should use torch meanwhile.

    Args:
        seed: of the global generator.
        threads: that torch computes with; None: as many as before.
    """
    memory: Any = torch.utils.deterministic
    threads_before, filled_before = torch.get_num_threads(), memory.fill_uninitialized_memory
    mode_before = torch.get_deterministic_debug_mode()
    # No other device is seeded, so none has a state to put back.
    with torch.random.fork_rng(devices=[]):
        try:
            torch.default_generator.manual_seed(seed)
            # What use_deterministic_algorithms does, without loading torch's compiler to let it know.
            torch.set_deterministic_debug_mode("error")
            memory.fill_uninitialized_memory = False
            if threads is not None:
                torch.set_num_threads(threads)
            yield
        finally:
            torch.set_num_threads(threads_before)
            torch.set_deterministic_debug_mode(mode_before)
            memory.fill_uninitialized_memory = filled_before


def keep_freed_memory() -> None:
    """Let the whole process, and not only torch, keep what it frees, until the process ends.

    A training step takes and frees the same large arrays over and over; fresh pages for every batch cost a fifth of a
    small network's step, a third of a large one's. This works where the C library is glibc; elsewhere nothing happens.
    glibc does not say what was set before, so it cannot be put back: ``give_back_freed_memory`` returns what was kept,
    and what is freed later is kept again.
    """
    mallopt = _of_glibc("mallopt")
    if mallopt is not None:
        for parameter, size in _MALLOPT.items():
            mallopt(parameter, size)


def give_back_freed_memory() -> None:
    """Give the system back what ``keep_freed_memory`` kept so far.

    A worker process that seems to grow from trial to trial is taken for leaking by joblib, and started anew.
    """
    malloc_trim = _of_glibc("malloc_trim")
    if malloc_trim is not None:
        malloc_trim(0)


def _of_glibc(name: str) -> Any:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None

"""Freed memory that stays with the process while it trains, and goes back behind it.

A training step takes and frees the same large arrays over and over.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

#: Parameters of glibc's mallopt and their values: no block, however large, comes from fresh pages instead of the heap
#: (M_MMAP_MAX), and the heap keeps what is freed (M_TRIM_THRESHOLD, M_TOP_PAD, in bytes).
_MALLOPT = {-4: 0, -1: 2**31 - 1, -2: 64 * 2**20}


def keep_freed_memory() -> None:
    """Let this process keep what it frees, where the C library is glibc; elsewhere nothing happens.

    Fresh pages for every batch cost a fifth of a small network's training step, a third of a large one's.
    """
    mallopt = _of_glibc("mallopt")
    if mallopt is not None:
        for parameter, size in _MALLOPT.items():
            mallopt(parameter, size)


def give_back_freed_memory() -> None:
    """Give the system back what ``keep_freed_memory`` kept.

    A worker process that seems to grow from trial to trial is taken for leaking by joblib, and started anew.
    """
    malloc_trim = _of_glibc("malloc_trim")
    if malloc_trim is not None:
        malloc_trim(0)


def _of_glibc(name: str) -> Any:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None

"""Linear algebra on one thread: sums then run in one order, so that any number of processes gives one result."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

# Only libraries that are loaded can be limited, and scipy brings its own linear algebra.
import scipy.linalg  # noqa: F401
from threadpoolctl import threadpool_limits


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit what runs inside to one thread."""
    with threadpool_limits(1):
        yield

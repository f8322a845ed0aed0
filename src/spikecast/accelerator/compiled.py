"""One place for how numeric loops are compiled: cached on disk, free of Python's lock, exact IEEE arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile ``function`` with Numba; it keeps its Python signature.

    Division follows NumPy: a check for 0 in every turn of a loop would keep the loop from being vectorised.
    """
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))

"""One place for how numeric loops are compiled: cached on disk, free of Python's lock, exact IEEE arithmetic."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., object])

#: Turns of a loop that Python itself makes in less time than Numba takes to be imported.
_WORTH_COMPILING = 150_000


def compiled(function: F) -> F:
    """Compile ``function`` with Numba; it keeps its Python signature.

    Division follows NumPy: a check for 0 in every turn of a loop would keep the loop from being vectorized.
    """
    import numba

    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def compiled_when_worth(turns: Callable[..., int]) -> Callable[[F], F]:
    """Compile a function with Numba once its calls have made enough turns of loops; before, Python runs it.

    A single question to a predictor takes a few thousand turns, and importing Numba longer than they do.

    Args:
        turns: from a call's arguments, about how many turns its loops make.
    """

    def decorate(function: F) -> F:
        fast: Callable[..., object] | None = None
        made = 0

        @wraps(function)
        def call(*arguments: Any) -> object:
            nonlocal fast, made
            if fast is None:
                made += turns(*arguments)
                if made < _WORTH_COMPILING and "numba" not in sys.modules:
                    return function(*arguments)
                fast = compiled(function)
            return fast(*arguments)

        return cast(F, call)

    return decorate

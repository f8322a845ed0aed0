"""The one exception for bad input, and how other libraries' exceptions become it.

The command line prints it as one line and exits with code 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import shorten


class InputError(ValueError):
    """Bad input. The message is one line: the value, what is allowed, what to do."""


def one_line(error: Exception) -> str:
    """Another library's exception as part of such a message: its type and text, cut."""
    return shorten(f"{type(error).__name__}: {error}", 120, placeholder="...")


@contextmanager
def needs(what: str, extra: str) -> Iterator[None]:
    """Around imports: a package that is missing is named, and what brings it.

    Raises:
        InputError: one is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise InputError(
            f"{what} needs {error.name}, which is not installed: pip install 'spikecast[{extra}]'"
        ) from None

"""What needs a package of an extra says so where it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from spikecast.errors import InputError


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

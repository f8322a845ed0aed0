"""The one exception for bad input, and what becomes it: unknown names, missing packages, other libraries' exceptions.

The command line prints it as one line and exits with code 2.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from textwrap import shorten

#: Characters of a name that are worth comparing, or showing.
_LONGEST = 100


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


def resolve_name(kind: str, name: str, allowed: Collection[str], aliases: Mapping[str, str] | None = None) -> str:
    """The full name behind ``name``, which is one of ``allowed`` or an alias of one, in any case.

    Raises:
        InputError: the name is not known; the message lists the nearest, then all.
    """
    aliases = aliases or {}
    resolved = aliases.get(name.lower(), name.lower())
    if resolved not in allowed:
        raise unknown_name(kind, name, [*allowed, *aliases])
    return resolved


def unknown_name(kind: str, name: object, allowed: Collection[str]) -> InputError:
    """The error for a name outside a closed list, with the nearest names first."""
    text = str(name)
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    near = difflib.get_close_matches(shown.lower(), list(allowed), n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    return InputError(f"unknown {kind} {shown!r}: {hint}allowed: {', '.join(allowed)}")

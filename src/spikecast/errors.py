"""The one exception for bad input. The command line prints it as one line and exits with code 2."""

from __future__ import annotations

from textwrap import shorten


class InputError(ValueError):
    """Bad input. The message is one line: the value, what is allowed, what to do."""


def one_line(error: Exception) -> str:
    """Another library's exception as part of such a message: its type and text, cut."""
    return shorten(f"{type(error).__name__}: {error}", 120, placeholder="...")

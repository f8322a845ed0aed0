"""The one exception for bad input. The command line prints it as one line and exits with code 2."""

from __future__ import annotations


class InputError(ValueError):
    """Bad input. The message is one line: the value, what is allowed, what to do."""

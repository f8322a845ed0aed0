"""The one exception for bad input. The command line prints it as one line and exits with code 2."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class InputError(ValueError):
    """Bad input. The message is one line: the value, what is allowed, what to do."""


def unknown_name(kind: str, value: object, allowed: Iterable[str]) -> InputError:
    """Build the error for a name outside a closed list, with the nearest names first."""
    names = list(allowed)
    near = difflib.get_close_matches(str(value).lower(), names, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    return InputError(f"unknown {kind} {str(value)!r}: {hint}allowed: {', '.join(names)}")

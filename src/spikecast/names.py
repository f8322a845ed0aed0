"""Names from closed lists: aliases resolved, unknown ones answered with the nearest."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

from spikecast.errors import InputError

#: Characters of a name that are worth comparing, or showing.
_LONGEST = 100


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

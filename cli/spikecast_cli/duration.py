"""Times as people write them: ``90s``, ``30m``, ``2h``."""

from __future__ import annotations

import re

from spikecast.errors import InputError

_SECONDS = {"s": 1, "m": 60, "h": 3600}


def parse_duration(text: str, option: str) -> float:
    """Seconds of a duration such as ``90s``, ``30m`` or ``1.5h``.

    Raises:
        InputError: it is none, or no time at all.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", text.strip())
    if not found or float(found[1]) == 0:
        raise InputError(
            f"{option} {text!r} is not allowed; allowed: a number above 0 with s, m or h: write 90s, 30m or 2h"
        )
    return float(found[1]) * _SECONDS[found[2]]


def spoken_duration(seconds: float) -> str:
    """About how long, in the largest fitting unit."""
    if 0 < seconds < 1:
        return "1 s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"

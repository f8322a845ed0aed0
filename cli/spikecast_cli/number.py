"""Numbers given on the command line."""

from __future__ import annotations

from spikecast.errors import InputError


def parse_number(text: str | None, option: str) -> float | None:
    """The number that an option is given; None where it is left out.

    Raises:
        InputError: the text is no number.
    """
    try:
        return None if text is None else float(text)
    except ValueError:
        raise InputError(f"{option} {text!r} is no number: write it such as 0.5 or 200") from None

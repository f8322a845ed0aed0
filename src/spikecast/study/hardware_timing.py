"""What of a hardware description decides its time: names, words and energy tables do not."""

from __future__ import annotations

import json

from spikecast.errors import InputError

#: As ``Hardware.timing`` and its clock.
_DECIDES = ("mode", "clock_mhz", "cores", "fc_encoder_width", "conv_encoder_width", "unit_size")


def timing_of(description: str) -> str:
    """The part of a description, as JSON, by which two are the same hardware to a study.

    Raises:
        InputError: it is none.
    """
    try:
        described = json.loads(description)
    except (TypeError, ValueError):
        described = None
    if not isinstance(described, dict):
        raise InputError(f"a row's hardware_description is {description!r}, no description: see spikecast data check")
    return json.dumps({name: described.get(name) for name in _DECIDES}, sort_keys=True)

"""Predicted against measured."""

from __future__ import annotations

import spikecast
from spikecast.advise import checks


def test_inside_is_between_the_ends() -> None:
    prediction = spikecast.predict()
    measured = {"accuracy": prediction.accuracy.low, "latency_us": prediction.latency_us.high + 0.1}
    told = {check.target: (check.inside, check.measured) for check in checks(prediction, measured)}
    assert told == {"accuracy": (True, measured["accuracy"]), "latency_us": (False, measured["latency_us"])}

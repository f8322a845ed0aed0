"""The rule that turns an interval into a verdict."""

from __future__ import annotations

import math

import pytest

from spikecast.study.claims.verdict import Evidence, Finding, Verdict
from spikecast.study.statistics import Estimate


@pytest.mark.parametrize(
    ("low", "high", "above", "size", "verdict"),
    [
        (1, 3, True, None, "confirmed"),
        (-1, 3, True, None, "not confirmed"),
        (-3, -1, True, None, "different"),
        (-3, -1, False, None, "confirmed"),
        (1, 3, False, None, "different"),
        (1, 3, True, 2, "confirmed"),
        (5, 9, True, 2, "confirmed"),
        (0.5, 1.5, True, 2, "different"),
        (-0.5, 1.5, True, 2, "not confirmed"),
        (-0.5, 2.5, True, 2, "not confirmed"),
        (-1.5, -0.5, False, -2, "different"),
        (-2.5, -0.5, False, -2, "confirmed"),
        (math.nan, math.nan, True, None, "not measured"),
    ],
)
def test_the_rule(low: float, high: float, above: bool, size: float | None, verdict: Verdict) -> None:
    assert Evidence("", Estimate((low + high) / 2, low, high), "", none=0, above=above, size=size).verdict == verdict


def test_the_empty_value_is_the_claim_s_own() -> None:
    assert Evidence("", Estimate(1.5, 1.2, 1.8), "times", none=1).verdict == "confirmed"
    assert Evidence("", Estimate(0.9, 0.8, 1.2), "times", none=1).verdict == "not confirmed"


def one(low: float, high: float) -> Evidence:
    return Evidence("", Estimate(low, low, high), "", none=0)


def test_a_claim_is_as_good_as_its_weakest_number() -> None:
    confirmed, open_, different = one(1, 2), one(-1, 1), one(-2, -1)
    unmeasured = one(math.nan, math.nan)
    assert Finding("", (confirmed, confirmed)).verdict == "confirmed"
    assert Finding("", (confirmed, open_)).verdict == "not confirmed"
    assert Finding("", (open_, different)).verdict == "different"
    assert Finding("", (different, unmeasured)).verdict == "not measured"
    assert Finding("missing").verdict == "not measured"

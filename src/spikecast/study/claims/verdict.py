"""When a claim counts as confirmed: the one rule, fixed before any number was seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from spikecast.study.statistics import Estimate

Verdict = Literal["confirmed", "not confirmed", "different", "not measured"]


@dataclass(frozen=True)
class Evidence:
    """One number that a claim stands on.

    Attributes:
        what: the number, in words.
        estimate: it and its 95 % interval, in ``unit``.
        unit: ``points``, ``%``, ``times``, ...
        none: the value at which the claim would be empty.
        above: whether the claim says that the number is above ``none``, or below it.
        size: how far the claim says it goes; None if it names no size, or only a largest one.
    """

    what: str
    estimate: Estimate
    unit: str
    none: float
    above: bool = True
    size: float | None = None

    @property
    def verdict(self) -> Verdict:
        """``confirmed``: the whole interval lies on the claim's side of ``none`` and reaches ``size`` at least.

        ``different``: the whole interval lies on the other side, or on the claim's side and short of ``size``.
        ``not confirmed``: the interval holds ``none``, so these data leave it open. ``not measured``: no interval.
        """
        if math.isnan(self.estimate.low):
            return "not measured"
        sign = 1.0 if self.above else -1.0
        low, high = sorted((sign * (self.estimate.low - self.none), sign * (self.estimate.high - self.none)))
        if high < 0 or (low > 0 and self.size is not None and high < sign * (self.size - self.none)):
            return "different"
        return "confirmed" if low > 0 else "not confirmed"


@dataclass(frozen=True)
class Finding:
    """What our rows say of one claim; ``basis`` says what was compared, or, without evidence, what is missing."""

    basis: str
    evidence: tuple[Evidence, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The first of not measured, different, not confirmed and confirmed that any piece of evidence has."""
        found = {piece.verdict for piece in self.evidence}
        order: tuple[Verdict, ...] = ("not measured", "different", "not confirmed", "confirmed")
        return next((verdict for verdict in order if verdict in found), "not measured")

"""Surrogate gradients as numbers: what a predictor can know of them without torch.

A spike is fired when x = U - threshold > 0; each class below is the gradient dS/dU that training uses in
place of the step's. ``slope`` is the single knob of the source study (arXiv 2603.24891). The formulas are
those of snnTorch 1.0.0's code, which differ in places from its docstrings.

Every class offers the same numbers, so that shape and scale can be compared across families:

- ``gradient_at_threshold``: dS/dU just above the threshold
- ``area``: integral of dS/dU over all x; infinite where the gradient never fades
- ``half_width``: distance from the peak at which the gradient has fallen to half; infinite where it never does
- ``centre``: position x of the peak
- ``noise``: standard deviation of a random part of the gradient

``default_slope`` is the slope that the shipped rows speak for: of a sweep on N-MNIST with leaky and lapicque neurons
the most accurate, or the fastest of those less than a standard error below it. ``spikecast report`` shows the sweep,
under "Which slope, beta and threshold to choose"; a test computes it again. A sparse fast sigmoid never learned there:
its default is snnTorch's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from spikecast.errors import resolve_name


@dataclass(frozen=True)
class Surrogate:
    """Base of all surrogate gradients: one named ``slope`` and the numbers of the module docstring.

    ``has_slope`` is false where the slope changes nothing; it is then always the default.
    """

    slope: float

    name: ClassVar[str]
    has_slope: ClassVar[bool] = True
    aliases: ClassVar[tuple[str, ...]] = ()
    default_slope: ClassVar[float]
    centre: ClassVar[float] = 0.0

    @property
    def gradient_at_threshold(self) -> float:
        raise NotImplementedError

    @property
    def area(self) -> float:
        raise NotImplementedError

    @property
    def half_width(self) -> float:
        raise NotImplementedError

    @property
    def noise(self) -> float:
        return 0.0


class _Endless(Surrogate):
    """A gradient that does not fade."""

    @property
    def area(self) -> float:
        return math.inf

    @property
    def half_width(self) -> float:
        return math.inf


@dataclass(frozen=True)
class FastSigmoid(Surrogate):
    """dS/dU = 1 / (1 + slope |x|)^2."""

    name = "fast_sigmoid"
    aliases = ("fs",)
    default_slope = 2.0

    @property
    def gradient_at_threshold(self) -> float:
        return 1.0

    @property
    def area(self) -> float:
        return 2.0 / self.slope

    @property
    def half_width(self) -> float:
        return (math.sqrt(2.0) - 1.0) / self.slope


@dataclass(frozen=True)
class ATan(Surrogate):
    """dS/dU = (slope / 2) / (1 + (pi slope x / 2)^2); slope is snnTorch's alpha."""

    name = "atan"
    aliases = ("arctan", "arctangent")
    default_slope = 2.0

    @property
    def gradient_at_threshold(self) -> float:
        return self.slope / 2.0

    @property
    def area(self) -> float:
        return 1.0

    @property
    def half_width(self) -> float:
        return 2.0 / (math.pi * self.slope)


@dataclass(frozen=True)
class SpikeRateEscape(Surrogate):
    """dS/dU = 25 exp(-slope |x - 1|): the peak sits one unit above the threshold; slope is snnTorch's beta."""

    name = "spike_rate_escape"
    aliases = ("sre",)
    default_slope = 0.75
    centre = 1.0
    #: snnTorch's own factor, left at its default as in the source study.
    scale: ClassVar[float] = 25.0

    @property
    def gradient_at_threshold(self) -> float:
        return self.scale * math.exp(-self.slope)

    @property
    def area(self) -> float:
        return 2.0 * self.scale / self.slope

    @property
    def half_width(self) -> float:
        return math.log(2.0) / self.slope


@dataclass(frozen=True)
class StochasticSpikeOperator(_Endless):
    """dS/dU = 1 above the threshold, slope * (uniform in [0, 1) - 0.5) below; slope is snnTorch's variance."""

    name = "stochastic_spike_operator"
    aliases = ("sso",)
    default_slope = 1.2

    @property
    def gradient_at_threshold(self) -> float:
        return 1.0

    @property
    def noise(self) -> float:
        return self.slope / math.sqrt(12.0)


@dataclass(frozen=True)
class Sigmoid(Surrogate):
    """dS/dU = slope s (1 - s) with s = 1 / (1 + exp(-slope x)), in a form that never overflows."""

    name = "sigmoid"
    aliases = ("sig",)
    default_slope = 1.0

    @property
    def gradient_at_threshold(self) -> float:
        return self.slope / 4.0

    @property
    def area(self) -> float:
        return 1.0

    @property
    def half_width(self) -> float:
        return math.log(3.0 + math.sqrt(8.0)) / self.slope


@dataclass(frozen=True)
class SparseFastSigmoid(Surrogate):
    """dS/dU = 1 / (1 + slope x)^2 above x = 1, 0 below; the peak is where it begins."""

    name = "sparse_fast_sigmoid"
    aliases = ("sfs",)
    default_slope = 25.0
    centre = 1.0

    @property
    def gradient_at_threshold(self) -> float:
        return 0.0

    @property
    def area(self) -> float:
        return 1.0 / (self.slope * (1.0 + self.slope * self.centre))

    @property
    def half_width(self) -> float:
        return (math.sqrt(2.0) - 1.0) * (1.0 + self.slope * self.centre) / self.slope


@dataclass(frozen=True)
class StraightThroughEstimator(_Endless):
    """dS/dU = 1."""

    name = "straight_through_estimator"
    aliases = ("ste",)
    default_slope = 1.0
    has_slope = False

    @property
    def gradient_at_threshold(self) -> float:
        return 1.0


@dataclass(frozen=True)
class Triangular(_Endless):
    """dS/dU = -slope from the threshold on, slope below: snnTorch's code, no triangle; slope is its threshold."""

    name = "triangular"
    aliases = ("tri",)
    default_slope = 1.0

    @property
    def gradient_at_threshold(self) -> float:
        return -self.slope


@dataclass(frozen=True)
class LeakySpikeOperator(_Endless):
    """dS/dU = 1 above the threshold, slope below; snnTorch 1.0.0's own raises an error."""

    name = "leaky_spike_operator"
    aliases = ("lso",)
    default_slope = 1.0

    @property
    def gradient_at_threshold(self) -> float:
        return 1.0


SURROGATES: dict[str, type[Surrogate]] = {
    kind.name: kind
    for kind in (
        FastSigmoid,
        ATan,
        SpikeRateEscape,
        StochasticSpikeOperator,
        Sigmoid,
        SparseFastSigmoid,
        StraightThroughEstimator,
        Triangular,
        LeakySpikeOperator,
    )
}
_ALIASES = {alias: kind.name for kind in SURROGATES.values() for alias in kind.aliases}


def surrogate_name(name: str) -> str:
    """Resolve a surrogate's name or alias to its full name.

    Raises:
        InputError: the name is not known.
    """
    return resolve_name("surrogate", name, SURROGATES, _ALIASES)


def shortest_name(name: str) -> str:
    """What a surrogate (full name) is called where there is little room."""
    return min((name, *SURROGATES[name].aliases), key=len)


def surrogate(name: str, slope: float) -> Surrogate:
    """The surrogate ``name`` (full name) with its slope."""
    return SURROGATES[name](slope)

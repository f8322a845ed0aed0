"""Claim 3: fast sigmoid is the most accurate, and over the widest range of slopes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast.study.claims.verdict import Evidence, Finding
from spikecast.study.statistics import bootstrap, peak
from spikecast.study.tables import USEFUL_SHARE
from spikecast.surrogates import SURROGATES

#: Accuracy below a surrogate's own peak, 0..1, that still counts as keeping it.
KEPT = 0.05
_CLAIMED = "fast_sigmoid"


@dataclass(frozen=True)
class SlopeRange:
    """How one surrogate answers to its slope.

    Attributes:
        accuracy: of each configuration of the sweep, 0..1.
        octaves: doublings from its lowest tested slope to its highest.
    """

    accuracy: NDArray[np.float64]
    octaves: float

    def kept(self, drawn: NDArray[np.float64]) -> float:
        """Octaves over which the accuracies ``drawn`` stay within KEPT of their peak: tested ones times their share."""
        return self.octaves * float((drawn >= peak(drawn) - KEPT).mean())


def slope_ranges(sweep: pd.DataFrame) -> dict[str, SlopeRange]:
    """Each surrogate with a slope.

    A configuration's accuracy is the mean over its seeds, whatever came of them; a diverged one counts as 0, a failed
    one not at all.
    """
    tried = sweep[sweep["status"] != "failed"].assign(accuracy=lambda rows: rows["accuracy"].fillna(0.0))
    return {
        str(name): SlopeRange(
            group.groupby("config_key")["accuracy"].mean().to_numpy(),
            math.log2(group["slope"].max() / group["slope"].min()),
        )
        for name, group in tried.groupby("surrogate")
        if SURROGATES[str(name)].has_slope
    }


def useful_ranges(ranges: dict[str, SlopeRange]) -> dict[str, SlopeRange]:
    """Those whose peak is USEFUL_SHARE of the highest or more: one that never learns keeps its nothing everywhere."""
    highest = max(peak(of.accuracy) for of in ranges.values())
    return {name: of for name, of in ranges.items() if peak(of.accuracy) >= USEFUL_SHARE * highest}


def fast_sigmoid_is_best(sweep: pd.DataFrame) -> Finding:
    """Claim 3: confirmed if fast sigmoid beats the best of the others in both numbers.

    Accuracy: its peak minus the highest peak of another surrogate, in points. Range: the octaves of slope over which
    it keeps its peak, minus those of the best of the others, of which only ``useful_ranges`` count. Resampled are
    configurations (slope and neuron), within each surrogate.
    """
    if sweep.empty:
        return Finding("needs a slope sweep: rows of spaces/phase1.yaml")
    ranges = slope_ranges(sweep)
    if _CLAIMED not in ranges or len(ranges) < 2:
        return Finding(f"the slope sweep must hold {_CLAIMED} and another surrogate: rows of spaces/phase1.yaml")
    claimed = ranges[_CLAIMED]
    others = [other for name, other in ranges.items() if name != _CLAIMED]
    useful = [other for name, other in useful_ranges(ranges).items() if name != _CLAIMED]

    def lead(mine: NDArray[np.float64], *theirs: NDArray[np.float64]) -> float:
        return 100 * (peak(mine) - max(peak(other) for other in theirs))

    def wider(mine: NDArray[np.float64], *theirs: NDArray[np.float64]) -> float:
        return claimed.kept(mine) - max(
            (other.kept(drawn) for other, drawn in zip(useful, theirs, strict=True)), default=0.0
        )

    tried = sum(len(each.accuracy) for each in [claimed, *others])
    return Finding(
        f"{tried} configurations of a slope sweep, whatever came of them, "
        f"of {len(others) + 1} surrogates that have a slope",
        (
            Evidence(
                "peak accuracy beyond the best other surrogate",
                bootstrap(lead, claimed.accuracy, *(other.accuracy for other in others)),
                "points",
                none=0.0,
            ),
            Evidence(
                "slope range beyond the widest other surrogate",
                bootstrap(wider, claimed.accuracy, *(other.accuracy for other in useful)),
                "octaves",
                none=0.0,
            ),
        ),
    )

"""Claim 5: accuracy is a poor predictor of hardware efficiency."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast.study.claims.verdict import Evidence, Finding
from spikecast.study.contexts import Context
from spikecast.study.statistics import bootstrap, spearman

#: Strength of a rank correlation from which a predictor is not poor: a quarter of the variance of the ranks.
POOR = 0.5


def accuracy_is_a_poor_predictor(context: Context) -> Finding:
    """Claim 5: confirmed if the strength of Spearman's rho of accuracy and latency, without its sign, is below POOR."""
    ok = context.ok

    def strength(x: NDArray[np.float64], y: NDArray[np.float64], axis: int) -> Any:
        return np.abs(spearman(x, y, axis))

    accuracy, latency = (ok[name].to_numpy(np.float64) for name in ("accuracy", "latency_cycles"))
    estimate = bootstrap(strength, accuracy, latency, paired=True, vectorized=True)
    return Finding(
        f"{len(ok)} ok configurations",
        (Evidence("rank correlation of accuracy and latency, without sign", estimate, "", none=POOR, above=False),),
    )

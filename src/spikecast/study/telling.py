"""Configurations in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spikecast.neurons import WITH_ALPHA
from spikecast.surrogates import SURROGATES


def studied(row: Mapping[Any, Any]) -> str:
    """The choices that the source study varies: ``atan slope 2, lapicque beta 0.5, threshold 0.4``."""
    slope = f" slope {row['slope']:.3g}" if SURROGATES[row["surrogate"]].has_slope else ""
    alpha = f" alpha {row['alpha']:.3g}," if row["neuron"] in WITH_ALPHA else ""
    return f"{row['surrogate']}{slope}, {row['neuron']}{alpha} beta {row['beta']:.3g}, threshold {row['threshold']:.3g}"


def told(row: Mapping[Any, Any]) -> str:
    """The studied choices of a configuration, its accuracy and its latency."""
    return f"{studied(row)} ({row['accuracy']:.1%}, {row['latency_cycles']:,.0f} cycles)"

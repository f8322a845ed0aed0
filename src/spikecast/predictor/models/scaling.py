"""One scale for all features: standard deviations."""

from __future__ import annotations

import numpy as np

from spikecast.predictor.models.regressor import Array

#: A column whose deviation is below this share of its size is constant but for rounding.
_ROUNDING = 1e-9


def standard_scale(x: Array) -> Array:
    """float64[features]: one over each feature's standard deviation, 0 for a constant feature."""
    deviation = x.std(axis=0)
    varies = deviation > _ROUNDING * (1.0 + np.abs(x).max(axis=0))
    scale: Array = np.divide(1.0, deviation, out=np.zeros_like(deviation), where=varies)
    return scale

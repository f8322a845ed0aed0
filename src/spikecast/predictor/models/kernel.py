"""The Matern 3/2 kernel, how alike two points are (1 for a point with itself), and the scale of their features."""

from __future__ import annotations

import math

import numpy as np

from spikecast._util.arrays import Array
from spikecast._util.compiled import compiled_when_worth

#: A column whose deviation is below this share of its size is constant but for rounding.
_ROUNDING = 1e-9
#: An exponent is halved so often, its series summed, and the sum squared as often.
_HALVINGS = 8
_SERIES = tuple(1.0 / math.factorial(power) for power in reversed(range(12)))
#: Where the kernel ends: it is nothing beside its value at 0, and its squares do not yet underflow.
_FARTHEST = 230.0


def standard_scale(x: Array) -> Array:
    """float64[features]: one over each feature's standard deviation, 0 for a constant feature."""
    deviation = x.std(axis=0)
    varies = deviation > _ROUNDING * (1.0 + np.abs(x).max(axis=0))
    scale: Array = np.divide(1.0, deviation, out=np.zeros_like(deviation), where=varies)
    return scale


def matern(a: Array, b: Array) -> Array:
    """float64[a, b]: covariance of scaled points float64[a or b, features]."""
    return matern_of(factor_from(a) @ factor_to(b))[0]


def factor_from(points: Array) -> Array:
    """What, times ``factor_to`` of other points, is the squared distances between the two: one product of matrices.
    Rounding may leave them a little below 0."""
    size = (points**2).sum(axis=1, keepdims=True)
    return np.hstack([-2.0 * points, size, np.ones_like(size)])


def factor_to(points: Array) -> Array:
    """float64[features + 2, points]; see ``factor_from``."""
    size = (points**2).sum(axis=1)
    return np.vstack([points.T, np.ones_like(size), size])


def matern_of(squared: Array) -> tuple[Array, Array]:
    """The kernel of squared distances, in their place, and the exponential in it."""
    distance = np.maximum(squared, 0.0, out=squared)
    distance *= 3.0
    np.sqrt(distance, out=distance)
    fade = np.exp(-distance)
    distance += 1.0
    distance *= fade
    return distance, fade


@compiled_when_worth(turns=lambda squared: squared.size)
def matern_of_many(squared: Array) -> None:
    """The kernel of squared distances, in their place; several times as fast as ``matern_of`` once Numba is there.

    Both are equal to within 1e-12. The library's exponential takes one number after the other. This one is arithmetic
    alone, of which the compiler makes vector instructions.
    """
    flat = squared.ravel()
    for i in range(flat.size):
        distance = math.sqrt(3.0 * max(flat[i], 0.0))
        exponent = -min(distance, _FARTHEST) / 2**_HALVINGS
        fade = 0.0
        for term in _SERIES:
            fade = fade * exponent + term
        for _ in range(_HALVINGS):
            fade *= fade
        flat[i] = (1.0 + distance) * fade

"""Questions to a predictor, none like another."""

from __future__ import annotations

import numpy as np
import pandas as pd

_SLOPES = {
    "fast_sigmoid": (0.5, 50),
    "atan": (0.5, 32),
    "spike_rate_escape": (0.5, 16),
    "stochastic_spike_operator": (0.02, 2),
}


def questions(count: int, seed: int = 0) -> pd.DataFrame:
    """Choices of the standard network over what was measured; a column for each choice that varies."""
    random = np.random.default_rng(seed)
    surrogates = random.choice(list(_SLOPES), count)
    low, high = np.array([_SLOPES[name] for name in surrogates]).T
    return pd.DataFrame(
        {
            "surrogate": surrogates,
            "slope": low * (high / low) ** random.random(count),
            "neuron": random.choice(["leaky", "lapicque"], count),
            "beta": random.uniform(0.2, 0.95, count),
            "threshold": random.uniform(0.2, 1.5, count),
        }
    )

"""Random traces and networks that several tests of the accelerator share."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from spikecast.accelerator import Trace
from spikecast.architecture import LayerShape, layer_shapes


def random_trace(shapes: tuple[LayerShape, ...], samples: int, timesteps: int, density: float, seed: int) -> Trace:
    """Spike counts as if every position fired with the same probability."""
    random = np.random.default_rng(seed)
    counts = tuple(
        random.binomial(shape.frame, density, (samples, timesteps, shape.trace_channels)).astype(np.int64)
        for shape in shapes
    )
    return Trace(shapes, counts)


traces = st.builds(
    random_trace,
    st.sampled_from(["3C3-MP2-4C5-FC7", "FC9-FC4-FC3", "2C3-2C3-FC5-FC4"]).map(lambda text: layer_shapes(text, 2, 8)),
    st.integers(1, 4),
    st.integers(1, 3),
    st.sampled_from([0.0, 0.05, 0.3, 0.9]),
    st.integers(0, 2**32 - 1),
)

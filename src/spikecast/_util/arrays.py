"""Types of arrays that signatures name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Real numbers of any shape; docstrings say which.
Array = NDArray[np.float64]
#: What networks compute with, of any shape.
Floats = NDArray[np.float32]
#: Which neurons fired, of any shape.
Spikes = NDArray[np.bool_]

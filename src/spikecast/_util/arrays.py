"""Types of arrays that signatures name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Real numbers of any shape; docstrings say which.
Array = NDArray[np.float64]

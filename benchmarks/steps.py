"""The steps of a simulation one by one, on the same few samples at a time as the simulator takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.engine import LayerOutput, LayerPlan, run_layer
from spikecast.accelerator.simulation import CHUNK
from spikecast.accelerator.spike_lists import SpikeLists, from_frames


def listed(frames: NDArray[np.uint8], channels: int) -> list[SpikeLists]:
    return [from_frames(frames[start : start + CHUNK], channels) for start in range(0, len(frames), CHUNK)]


def run_parts(plan: LayerPlan, parts: list[SpikeLists]) -> list[LayerOutput]:
    return [run_layer(plan, part) for part in parts]

"""What a trained network answers."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from spikecast.snn.network import SpikingNetwork


def output_spikes(network: SpikingNetwork, frames: NDArray[np.uint8], batch_size: int = 100) -> NDArray[np.uint8]:
    """Run a network in evaluation: uint8[samples, timesteps, outputs] for frames [samples, timesteps, 2, S, S]."""
    network.eval()
    with torch.inference_mode():
        parts = [network(batch).transpose(0, 1) for batch in torch.tensor(frames).split(batch_size)]
    return torch.cat(parts).numpy().astype(np.uint8)

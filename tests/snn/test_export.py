"""Folding batch norm changes no current."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
import torch

from spikecast.choices import TrainingChoices
from spikecast.snn._export import export
from spikecast.snn.network import SpikingLayer, SpikingNetwork


@pytest.mark.parametrize("bits", [4, 32])
def test_folded_currents_are_the_networks_own(bits: int) -> None:
    torch.manual_seed(0)
    network = SpikingNetwork(TrainingChoices(architecture="5C3-MP2-FC20", input_size=8, weight_bits=bits)).eval()
    layer = cast(SpikingLayer, network.layers[0])
    norm: Any = layer.norm
    with torch.no_grad():
        norm.running_mean.uniform_(-2, 2)
        # The smallest variances are of the size of batch norm's own epsilon.
        norm.running_var.copy_(torch.tensor([1e-6, 1e-5, 1e-3, 1.0, 50.0]))
        norm.weight.uniform_(-2, 2)
        norm.bias.uniform_(-1, 1)
        frames = torch.rand(1, 3, 2, 8, 8)
        expected = layer.currents(frames)[0]
    folded = export(network).layers[0]
    assert folded.weights.dtype == (np.int8 if bits == 4 else np.float32)
    assert bits == 32 or np.abs(folded.weights).max() == 7
    scaled = folded.weights * (np.float32(1) if folded.scale is None else folded.scale)
    weights = torch.tensor(scaled).permute(3, 0, 1, 2)
    found = torch.nn.functional.conv2d(frames[0], weights, torch.tensor(folded.bias), padding=1)
    assert torch.allclose(found, expected, rtol=1e-4, atol=1e-4)

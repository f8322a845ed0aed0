"""Live snnTorch modules against the network that is read from them, spike for spike and membrane for membrane."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import snntorch
import torch
from hypothesis import given, settings, strategies as st
from torch import nn

from spikecast.events import BinnedSplit
from spikecast.snn.quantize import quantize_weights

from .live_networks import NEURONS, Layer, assert_alike, neuron, quantized, trained

RESETS = ("subtract", "zero", "none")


KINDS = [(kind, "") for kind in NEURONS]


@pytest.mark.parametrize("bits", [4, 8, 32])
@pytest.mark.parametrize("reset", RESETS)
@pytest.mark.parametrize(
    ("kind", "recurrent"), [*KINDS, ("RLeaky", "linear"), ("RLeaky", "one weight"), ("RLeaky", "one a neuron")]
)
def test_fully_connected_networks(kind: str, recurrent: str, reset: str, bits: int, small: BinnedSplit) -> None:
    torch.manual_seed(0)
    net = nn.Sequential(
        Layer(nn.Flatten(), nn.Linear(2048, 30), neuron(kind, reset, recurrent, 30)),
        Layer(
            nn.Dropout(0.5),
            nn.Linear(30, 10, bias=False),
            trained(nn.BatchNorm1d(10)),
            neuron(kind, reset, recurrent, 10),
        ),
    )
    network = assert_alike(quantized(net, bits), small.evaluation[:20])
    assert network.weight_bits == bits
    assert [layer.shape.name for layer in network.layers] == ["fc1", "fc2"]
    assert network.layers[0].weights.dtype == (np.float32 if bits == 32 else np.int8)


@pytest.mark.parametrize("bits", [4, 8, 32])
@pytest.mark.parametrize("reset", RESETS)
@pytest.mark.parametrize(
    ("kind", "recurrent"), [*KINDS, ("RLeaky", "conv"), ("RLeaky", "one weight"), ("RLeaky", "one a channel")]
)
def test_convolutional_networks(kind: str, recurrent: str, reset: str, bits: int, small: BinnedSplit) -> None:
    torch.manual_seed(0)
    last = neuron("RLeaky", reset, "linear", 10) if recurrent else neuron(kind, reset)
    net = nn.Sequential(
        Layer(nn.Conv2d(2, 5, 5, stride=2, padding=1), trained(nn.BatchNorm2d(5)), neuron(kind, reset, recurrent, 5)),
        Layer(
            nn.Conv2d(5, 6, 3, padding="same"),
            trained(nn.BatchNorm2d(6)),
            neuron(kind, reset, recurrent, 6),
            nn.MaxPool2d(2),
        ),
        Layer(nn.Flatten(), nn.Linear(294, 10), last),
    )
    network = assert_alike(quantized(net, bits), small.evaluation[:6])
    assert network.weight_bits == bits
    assert [layer.shape.recurrent for layer in network.layers] == [bool(recurrent)] * 3


def exact_recurrent(features: int, conv: bool, **options: Any) -> nn.Module:
    sizes = {"conv2d_channels": features, "kernel_size": 3} if conv else {"linear_features": features}
    cell = snntorch.RLeaky(beta=0.5, **sizes, **options)
    rounded(cell.recurrent, 32)
    return cell


EXACT = {
    "Leaky .5": lambda *_, **k: snntorch.Leaky(beta=0.5, **k),
    "Leaky .75": lambda *_, **k: snntorch.Leaky(beta=0.75, **k),
    "Lapicque": lambda *_, **k: snntorch.Lapicque(R=2.0, C=2.0, **k),
    "Synaptic": lambda *_, **k: snntorch.Synaptic(alpha=0.5, beta=0.75, **k),
    "Alpha": lambda *_, **k: snntorch.Alpha(alpha=0.5, beta=0.25, **k),
    "RLeaky to itself": lambda *_, **k: snntorch.RLeaky(beta=0.5, V=-0.375, all_to_all=False, **k),
    "RLeaky to all": exact_recurrent,
}


def rounded(synapse: Any, bits: int) -> Any:
    """Weights that are multiples of 1/64: sums in any order agree to the last bit; so do integers times 1/64."""
    limit = 40 if bits == 32 else 2 ** (bits - 1) - 1
    with torch.no_grad():
        synapse.weight.copy_(torch.randint(-limit, limit + 1, synapse.weight.shape) / 64)
        synapse.weight.flatten(1)[:, 0] = limit / 64
        synapse.bias.copy_(torch.randint(-20, 21, synapse.bias.shape) / 64)
    if bits < 32:
        quantize_weights(synapse, bits)
    return synapse


@settings(max_examples=60)
@given(
    kind=st.sampled_from(sorted(EXACT)),
    reset=st.sampled_from(RESETS),
    bits=st.sampled_from([4, 8, 32]),
    size=st.tuples(st.integers(7, 12), st.integers(7, 12)),
    convolutions=st.lists(
        st.tuples(
            st.sampled_from([1, 3, 5]), st.sampled_from([1, 2]), st.sampled_from([0, 1, 2]), st.sampled_from([1, 2, 3])
        ),
        max_size=2,
    ),
    dense=st.integers(1, 2),
    density=st.floats(0.05, 0.9),
    seed=st.integers(0, 2**32 - 1),
)
def test_random_networks_agree_on_every_bit(
    kind: str,
    reset: str,
    bits: int,
    size: tuple[int, int],
    convolutions: list[tuple[int, int, int, int]],
    dense: int,
    density: float,
    seed: int,
) -> None:
    torch.manual_seed(seed)
    options = {"reset_mechanism": reset, "threshold": 0.25, "init_hidden": True}
    # Weights back from neurons to themselves are float here, and weights of different bits are refused.
    bits = 32 if kind == "RLeaky to all" else bits
    layers: list[nn.Module] = []
    channels, (height, width) = 2, size
    for kernel, stride, padding, pool in convolutions:
        after = [(side + 2 * padding - kernel) // stride + 1 for side in (height, width)]
        if min(height, width) + 2 * padding < kernel or min(after) < pool:
            continue
        synapse = rounded(nn.Conv2d(channels, 3, kernel, stride, padding), bits)
        layers.append(Layer(synapse, EXACT[kind](3, True, **options), *([nn.MaxPool2d(pool)] if pool > 1 else [])))
        channels, (height, width) = 3, (after[0] // pool, after[1] // pool)
    inputs = channels * height * width
    for _ in range(dense):
        layers.append(Layer(nn.Flatten(), rounded(nn.Linear(inputs, 6), bits), EXACT[kind](6, False, **options)))
        inputs = 6
    frames = (torch.rand(2, 5, 2, *size) < density).numpy().astype(np.uint8)
    assert_alike(nn.Sequential(*layers), frames, exact=True)

"""NIR files against snnTorch networks of the same constants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nir
import numpy as np
import pytest
import snntorch
import torch
from torch import nn

from spikecast.accelerator import load_hardware, simulate
from spikecast.accelerator.engine import plan_layer, run_layer
from spikecast.accelerator.nir import load_nir
from spikecast.accelerator.spike_lists import from_frames
from spikecast.errors import InputError
from spikecast.events import BinnedSplit

from .nir_graphs import affine, chain, conv, cuba, lif, written


def assert_fires_as(net: nn.Sequential, path: Path, frames: np.ndarray, reset: str) -> None:
    """Layer by layer, each layer with torch's own inputs; a rare difference at the threshold may be rounding."""
    network = load_nir(path, reset=reset)
    spikes = torch.tensor(frames).transpose(0, 1).float()
    for layer, part in zip(network.layers, net, strict=True):
        with torch.inference_mode():
            answers = torch.stack([part(frame) for frame in spikes])
        inputs = from_frames(spikes.transpose(0, 1).numpy(), layer.shape.in_channels)
        ours = run_layer(plan_layer(layer), inputs).spikes.dense(layer.shape.out_channels, layer.shape.out_size)
        theirs = answers.transpose(0, 1).numpy()
        assert 0.02 < theirs.mean() < 0.98
        assert (ours.reshape(theirs.shape) != theirs).mean() < 1e-4
        spikes = answers


def with_weights_of(synapse: Any, node: Any) -> Any:
    with torch.no_grad():
        synapse.weight.copy_(torch.tensor(node.weight))
        synapse.bias.copy_(torch.tensor(node.bias))
    return synapse


@pytest.mark.parametrize("reset", ["subtract", "zero", "none"])
@pytest.mark.parametrize("cell", ["Leaky", "Synaptic"])
def test_fully_connected(cell: str, reset: str, small: BinnedSplit, tmp_path: Path) -> None:
    first, second = affine(2048, 40), affine(40, 10, seed=1)
    cells = [lif((40,)), lif((10,))] if cell == "Leaky" else [cuba((40,)), cuba((10,))]
    path = written(
        tmp_path, chain((2, 32, 32), nir.Flatten(np.array([2, 32, 32]), 0), first, cells[0], second, cells[1])
    )
    options = {"beta": 0.9, "threshold": 0.5, "reset_mechanism": reset, "init_hidden": True}
    make = snntorch.Leaky if cell == "Leaky" else lambda **k: snntorch.Synaptic(alpha=0.8, **k)
    net = nn.Sequential(
        nn.Sequential(nn.Flatten(), with_weights_of(nn.Linear(2048, 40), first), make(**options)),
        nn.Sequential(with_weights_of(nn.Linear(40, 10), second), make(**options)),
    )
    assert_fires_as(net, path, small.evaluation[:30], reset)


@pytest.mark.parametrize("reset", ["subtract", "zero", "none"])
def test_convolutions(reset: str, small: BinnedSplit, tmp_path: Path) -> None:
    nodes = [
        (conv(4, 2, 32, stride=(2, 2)), nn.Conv2d(2, 4, 3, stride=2, padding=1), (4, 16, 16)),
        (conv(5, 4, 16, padding="same"), nn.Conv2d(4, 5, 3, padding="same"), (5, 16, 16)),
        (conv(3, 5, 16, padding="valid"), nn.Conv2d(5, 3, 3, padding="valid"), (3, 14, 14)),
    ]
    options = {"beta": 0.7, "threshold": 0.5, "reset_mechanism": reset, "init_hidden": True}
    dense = affine(588, 10)
    flat = nir.Flatten(np.array([3, 14, 14]), 0)
    row = [part for node, _, shape in nodes for part in (node, lif(shape, 0.7))]
    path = written(tmp_path, chain((2, 32, 32), *row, flat, dense, lif((10,), 0.7)))
    net = nn.Sequential(
        *(nn.Sequential(with_weights_of(synapse, node), snntorch.Leaky(**options)) for node, synapse, _ in nodes),
        nn.Sequential(nn.Flatten(), with_weights_of(nn.Linear(588, 10), dense), snntorch.Leaky(**options)),
    )
    assert_fires_as(net, path, small.evaluation[:10], reset)
    shapes = load_nir(path, reset=reset).shapes
    assert [(shape.name, shape.in_channels, shape.in_size, shape.padding, shape.stride) for shape in shapes] == [
        ("conv1", 2, (32, 32), None, 2),
        ("conv2", 4, (16, 16), None, 1),
        ("conv3", 5, (16, 16), 0, 1),
        ("fc1", 3, (14, 14), None, 1),
    ]


def test_constants_without_a_bias_and_flat_frames(tmp_path: Path) -> None:
    weights = np.ones((2, 6), np.float32)
    path = written(tmp_path, chain((6,), nir.Linear(weights), cuba((2,)), nir.Linear(np.eye(2)), lif((1,), 0.5)))
    network = load_nir(path, reset="zero")
    first, second = network.layers
    assert (first.shape.in_channels, first.shape.in_size) == (1, (1, 6))
    assert (second.shape.in_channels, second.shape.in_size) == (1, (1, 2))
    assert not first.bias.any()
    assert first.neuron.model == "synaptic"
    assert (first.neuron.leak, first.neuron.alpha) == pytest.approx((0.9, 0.8))
    assert second.neuron.model == "leaky"
    assert (second.neuron.leak, second.neuron.threshold, second.neuron.reset) == pytest.approx((0.5, 0.5, "zero"))
    assert network.weight_bits == 32
    result = simulate(network, np.ones((1, 3, 6), np.uint8), load_hardware("sparse-core"))
    assert result.output_spikes.shape == (1, 3, 2)


@pytest.mark.parametrize("beta", [0.0, 1.0])
def test_no_memory_and_no_leak(beta: float, tmp_path: Path) -> None:
    """What snnTorch's own export writes for Leaky(beta=0) and Leaky(beta=1)."""
    weights = (np.random.default_rng(0).integers(-8, 9, (5, 12)) / 16).astype(np.float32)
    with np.errstate(divide="ignore"):
        path = written(tmp_path, chain((12,), nir.Affine(weights, np.zeros(5)), lif((5,), beta)))
    net = nn.Sequential(nn.Linear(12, 5, bias=False), snntorch.Leaky(beta=beta, threshold=0.5, init_hidden=True))
    net[0].weight.data = torch.tensor(weights)
    frames = np.random.default_rng(1).random((8, 30, 12)) < 0.3
    with torch.inference_mode():
        theirs = torch.stack([net(frame) for frame in torch.tensor(frames).float().transpose(0, 1)], 1).numpy()
    assert theirs.any()
    assert np.array_equal(simulate(load_nir(path, reset="subtract"), frames).output_spikes, theirs)


@pytest.mark.parametrize("fires", [False, True])
def test_who_fires_at_the_threshold(fires: bool, tmp_path: Path) -> None:
    """With weights on a grid membranes often equal the threshold; the loop is SpikingJelly's, or NIR's rule."""
    weights = (np.random.default_rng(0).integers(-4, 5, (5, 12)) / 8).astype(np.float32)
    path = written(tmp_path, chain((12,), nir.Affine(weights, np.zeros(5)), lif((5,), 0.5)))
    frames = np.random.default_rng(1).random((8, 64, 12)) < 0.2
    membrane, theirs = np.zeros((8, 5), np.float32), []
    for frame in frames.transpose(1, 0, 2):
        membrane = membrane / 2 + frame @ weights.T
        fired = membrane >= 0.5 if fires else membrane > 0.5
        membrane[fired] = 0
        theirs.append(fired)
    result = simulate(load_nir(path, reset="zero", fires_at_threshold=fires), frames, near_threshold=True)
    assert np.array_equal(result.output_spikes, np.stack(theirs, 1))
    assert result.near_threshold is not None
    assert result.near_threshold.sum() > 50


def test_another_time_step(tmp_path: Path) -> None:
    path = written(tmp_path, chain((6,), affine(6, 2), lif((2,), tau=2e-3, r=2.0)))
    assert load_nir(path, reset="zero", time_step=1e-3).layers[0].neuron.leak == pytest.approx(0.5)
    with pytest.raises(InputError, match="time_step 0: allowed: above 0"):
        load_nir(path, reset="zero", time_step=0)

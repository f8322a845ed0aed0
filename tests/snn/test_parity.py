"""The simulator against snnTorch itself, spike for spike, on real recordings."""

from __future__ import annotations

import itertools
from typing import Any, cast

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from spikecast.accelerator import load_hardware, simulate
from spikecast.accelerator.engine import plan_layer, run_layer
from spikecast.accelerator.spike_lists import from_frames
from spikecast.architecture import LayerShape
from spikecast.choices import TrainingChoices
from spikecast.events import BinnedSplit
from spikecast.neurons import NEURONS
from spikecast.snn._export import export
from spikecast.snn.network import SpikingLayer, SpikingNetwork
from spikecast.snn.neurons import RECURRENT_KERNEL
from spikecast.snn.training import Training, output_spikes, train
from spikecast.surrogates import SURROGATES

#: Sums in another order differ in their last bits: nearer to the threshold than this, either side may be right.
TOLERANCE = 1e-5

PAIRS = [
    *(TrainingChoices(surrogate=surrogate, beta=0.6, epochs=1) for surrogate in SURROGATES),
    *(TrainingChoices(surrogate="atan", neuron=neuron, beta=0.6, epochs=1) for neuron in NEURONS[1:]),
]
VARIANTS = [
    TrainingChoices(neuron=neuron, beta=0.6, reset="zero", weight_bits=bits, epochs=1, architecture=architecture)
    for neuron, bits, architecture in itertools.product(NEURONS, (4, 32), ("csnn-s", "6C5-8C3-MP3-FC40"))
]


@pytest.fixture(
    scope="module",
    params=[*PAIRS, *VARIANTS],
    ids=lambda c: f"{c.surrogate}-{c.neuron}-{c.reset}-{c.weight_bits}-{c.architecture}",
)
def trained(request: pytest.FixtureRequest, small: BinnedSplit) -> Training:
    torch.set_num_threads(1)
    return train(request.param, small)


def test_every_layer_fires_the_same_spikes(trained: Training, small: BinnedSplit) -> None:
    frames = small.evaluation
    assert len(frames) == 100
    with torch.inference_mode():
        records = trained.network.record(torch.tensor(frames))
    spikes, differing = 0, 0
    layers = [cast(SpikingLayer, layer) for layer in trained.network.layers]
    for layer, torch_layer, record in zip(export(trained.network).layers, layers, records, strict=True):
        # Each layer gets torch's own input, so that one differing spike cannot spread.
        inputs = from_frames(record.inputs.transpose(0, 1).numpy(), layer.shape.in_channels)
        ours = run_layer(plan_layer(layer), inputs).spikes.dense(layer.shape.out_channels, layer.shape.out_size)
        theirs = torch_layer.pooled(record.spikes).transpose(0, 1).flatten(2).numpy()
        different = ours.reshape(theirs.shape) != theirs
        spikes += different.size
        differing += int(different.sum())
        by_right = near_threshold(record.membrane, layer.neuron.threshold, layer.shape.pool)
        if layer.shape.recurrent:
            by_right |= carried_on(different, layer.shape)
        assert by_right[different].all()
    assert differing / spikes < 1e-5


def near_threshold(membrane: torch.Tensor, threshold: float, pool: int) -> NDArray[np.bool_]:
    """bool[samples, timesteps, outputs]: where a membrane is or was within TOLERANCE of its threshold."""
    near = (membrane - threshold).abs() <= TOLERANCE
    if pool > 1:
        near = torch.nn.functional.max_pool2d(near.flatten(0, 1).float(), pool).unflatten(0, near.shape[:2]) > 0
    was_near: NDArray[np.bool_] = near.transpose(0, 1).flatten(2).numpy().cumsum(axis=1) > 0
    return was_near


def carried_on(different: NDArray[np.bool_], shape: LayerShape) -> NDArray[np.bool_]:
    """Where a spike that differed one timestep before comes back to, through a recurrent layer's own synapses."""
    maps = torch.tensor(different).unflatten(2, (shape.out_channels, *shape.out_size)).any(dim=2).float()
    reached = torch.nn.functional.max_pool2d(maps, RECURRENT_KERNEL, stride=1, padding=RECURRENT_KERNEL // 2) > 0
    later = torch.zeros_like(reached)
    later[:, 1:] = reached[:, :-1]
    return later[:, :, None].expand(-1, -1, shape.out_channels, -1, -1).flatten(2).numpy().copy()


def test_whole_network_answers_the_same(trained: Training, small: BinnedSplit) -> None:
    result = simulate(export(trained.network), small.evaluation, load_hardware("sparse-core"))
    expected = output_spikes(trained.network, small.evaluation)
    assert (result.output_spikes == expected).mean() > 0.9995


def test_running_layer_by_layer_equals_the_loop_over_timesteps(trained: Training, small: BinnedSplit) -> None:
    frames = torch.tensor(small.evaluation[:20]).transpose(0, 1).float()
    layers = [cast(SpikingLayer, layer) for layer in trained.network.layers]
    for layer in layers:
        cast(Any, layer.neuron).reset_mem()
    answers = []
    with torch.inference_mode():
        for frame in frames:
            spikes = frame
            for layer in layers:
                spikes, *_ = layer.neuron(layer.currents(spikes[None])[0])
                spikes = layer.pooled(spikes[None])[0]
            answers.append(spikes)
        whole = trained.network(torch.tensor(small.evaluation[:20]))
    assert torch.equal(torch.stack(answers), whole)


def test_vgg9_of_the_source_study_runs_alike_on_both_sides(small: BinnedSplit) -> None:
    torch.manual_seed(0)
    network = SpikingNetwork(TrainingChoices(architecture="vgg9", threshold=0.05)).eval()
    frames = small.evaluation[:4]
    result = simulate(export(network), frames, load_hardware("sparse-core"))
    assert (result.output_spikes == output_spikes(network, frames)).mean() > 0.9995
    assert result.layers["layer"].tolist() == [f"conv{i}" for i in range(1, 8)] + ["fc1", "fc2"]
    assert result.layers["spikes_in"].min() > 0

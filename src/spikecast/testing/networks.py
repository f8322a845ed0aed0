"""What the suites of surrogates and neurons share: trained networks on the accelerator, fused loops against snnTorch.

Networks are trained on a quarter of the N-MNIST recordings that come with spikecast.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, cast

import numpy as np
import pytest
import snntorch
import torch
from numpy.typing import NDArray

from spikecast.accelerator import load_hardware, simulate
from spikecast.accelerator.engine import plan_layer, run_layer
from spikecast.accelerator.spike_lists import from_frames
from spikecast.architecture import LayerShape
from spikecast.choices import TrainingChoices
from spikecast.events import BinnedSplit, load_binned
from spikecast.snn._export import export
from spikecast.snn.network import SpikingLayer
from spikecast.snn.neurons import RECURRENT_KERNEL
from spikecast.snn.training import Training, output_spikes, train

#: Sums in another order differ in their last bits: nearer to the threshold than this, either side may be right.
TOLERANCE = 1e-5


@cache
def few_recordings() -> BinnedSplit:
    """N-MNIST in four time bins at 32 x 32: every fourth training recording, and every third of the evaluation."""
    whole = load_binned("nmnist", 4, 32)
    return BinnedSplit(whole.train[::4], whole.train_labels[::4], whole.evaluation[::3], whole.evaluation_labels[::3])


class TrainedNetworkSuite:
    """Networks of ``networks``, trained for an epoch: the accelerator fires the spikes that torch does."""

    def networks(self) -> Sequence[TrainingChoices]:
        """Choices of the networks that are trained."""
        raise NotImplementedError

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Give tests that take ``training`` each of the networks."""
        if "training" in metafunc.fixturenames:
            metafunc.parametrize("training", self.networks(), indirect=True, scope="class", ids=_described)

    @pytest.fixture(autouse=True)
    def _one_thread_and_no_neurons_left(self) -> Iterator[None]:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        yield
        torch.set_num_threads(threads)
        snntorch.SpikingNeuron.init()

    @pytest.fixture(scope="class")
    @classmethod
    def training(cls, request: pytest.FixtureRequest) -> Training:
        """A trained network."""
        torch.set_num_threads(1)
        return train(request.param, few_recordings())

    def test_every_layer_fires_the_same_spikes(self, training: Training) -> None:
        """Layer by layer, but where a membrane is as near to its threshold as float sums are exact."""
        with torch.inference_mode():
            records = training.network.record(torch.tensor(few_recordings().evaluation))
        spikes, differing = 0, 0
        layers = [cast(SpikingLayer, layer) for layer in training.network.layers]
        for layer, torch_layer, record in zip(export(training.network).layers, layers, records, strict=True):
            # Each layer gets torch's own input, so that a spike that differs cannot carry on to the next.
            inputs = from_frames(record.inputs.transpose(0, 1).numpy(), layer.shape.in_channels)
            ours = run_layer(plan_layer(layer), inputs).spikes.dense(layer.shape.out_channels, layer.shape.out_size)
            theirs = torch_layer.pooled(record.spikes).transpose(0, 1).flatten(2).numpy()
            different = ours.reshape(theirs.shape) != theirs
            spikes += different.size
            differing += int(different.sum())
            by_right = _near_threshold(record.membrane, layer.neuron.threshold, layer.shape.pool)
            if layer.shape.recurrent:
                by_right |= _carried_on(different, layer.shape)
            assert by_right[different].all()
        assert differing / spikes < 1e-5

    def test_the_whole_network_answers_the_same(self, training: Training) -> None:
        """Spikes of the last layer, simulated and in torch."""
        frames = few_recordings().evaluation
        result = simulate(export(training.network), frames, load_hardware("sparse-core"))
        assert (result.output_spikes == output_spikes(training.network, frames)).mean() > 0.9995

    def test_layer_by_layer_equals_the_loop_over_timesteps(self, training: Training) -> None:
        """The network in its own order, and snnTorch's neurons in the usual one."""
        samples = torch.tensor(few_recordings().evaluation[:20])
        layers = [cast(SpikingLayer, layer) for layer in training.network.layers]
        for layer in layers:
            cast(Any, layer.neuron).reset_mem()
        answers = []
        with torch.inference_mode():
            for frame in samples.transpose(0, 1).float():
                spikes = frame
                for layer in layers:
                    spikes, *_ = layer.neuron(layer.currents(spikes[None])[0])
                    spikes = layer.pooled(spikes[None])[0]
                answers.append(spikes)
            whole = training.network(samples)
        assert torch.equal(torch.stack(answers), whole)


def _described(choices: TrainingChoices) -> str:
    return f"{choices.surrogate}-{choices.neuron}-{choices.reset}-{choices.weight_bits}-{choices.architecture}"


def _near_threshold(membrane: torch.Tensor, threshold: float, pool: int) -> NDArray[np.bool_]:
    """bool[samples, timesteps, outputs]: where a membrane is or was within TOLERANCE of its threshold."""
    near = (membrane - threshold).abs() <= TOLERANCE
    if pool > 1:
        near = torch.nn.functional.max_pool2d(near.flatten(0, 1).float(), pool).unflatten(0, near.shape[:2]) > 0
    was_near: NDArray[np.bool_] = near.transpose(0, 1).flatten(2).numpy().cumsum(axis=1) > 0
    return was_near


def _carried_on(different: NDArray[np.bool_], shape: LayerShape) -> NDArray[np.bool_]:
    """Where a spike that differed a timestep before comes back to, through a recurrent layer's own synapses."""
    maps = torch.tensor(different).unflatten(2, (shape.out_channels, *shape.out_size)).any(dim=2).float()
    reached = torch.nn.functional.max_pool2d(maps, RECURRENT_KERNEL, stride=1, padding=RECURRENT_KERNEL // 2) > 0
    later = torch.zeros_like(reached)
    later[:, 1:] = reached[:, :-1]
    carried: NDArray[np.bool_] = later[:, :, None].expand(-1, -1, shape.out_channels, -1, -1).flatten(2).numpy().copy()
    return carried


def first_layer(choices: TrainingChoices) -> SpikingLayer:
    """The first layer of the network that ``choices`` describe, untrained."""
    return SpikingLayer(choices.layers[0], choices, dropout=0.0)


def assert_fused_as_stepped(layer: SpikingLayer, currents: torch.Tensor) -> None:
    """The fused loop gives snnTorch's spikes and membranes to the bit, and its gradients to rounding.

    Args:
        layer: one that has a fused form.
        currents: [timesteps, samples, ...], of a size that makes some neurons fire and some not.
    """
    ours, stock = _gradients(layer, currents, fused=True), _gradients(layer, currents, fused=False)
    assert 0.02 < ours[0].mean() < 0.8
    assert torch.equal(ours[0], stock[0])
    assert torch.equal(ours[1], stock[1])
    assert torch.allclose(ours[2], stock[2], rtol=1e-5, atol=1e-6 * float(stock[2].abs().max()))


def _gradients(layer: SpikingLayer, currents: torch.Tensor, fused: bool) -> tuple[torch.Tensor, ...]:
    """Spikes, membranes, and the gradient of a random weighted sum of the spikes."""
    torch.manual_seed(1)
    leaf = currents.detach().clone(memory_format=torch.preserve_format).requires_grad_()
    spikes, membranes = layer.fire(leaf) if fused else layer.step_neurons(leaf)
    weights = torch.randn(spikes.shape, generator=torch.Generator().manual_seed(2))
    cast(Any, (spikes * weights).sum()).backward()
    assert leaf.grad is not None
    return spikes.detach(), membranes.detach(), leaf.grad

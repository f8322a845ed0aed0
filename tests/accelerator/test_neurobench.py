"""The NeuroBench-named metrics equal NeuroBench's own numbers on a shared network."""

from __future__ import annotations

import numpy as np
import pytest
import snntorch
import torch
from torch import nn

from spikecast.accelerator import Layer, Network, Neuron, neurobench_results, simulate
from spikecast.architecture import LayerShape, predicted_classes
from spikecast.choices import TrainingChoices
from spikecast.events import BinnedSplit
from spikecast.snn._export import export
from spikecast.snn.live.convert import network_of
from spikecast.snn.network import SpikingNetwork


@pytest.fixture(scope="module")
def network() -> nn.Sequential:
    """Two convolutions and a fully connected layer, one timestep a call; some weights are zero."""
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(2, 6, 3, padding=1, bias=False),
        snntorch.Leaky(beta=0.5, threshold=0.5, init_hidden=True),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 8, 5, padding=1, stride=2),
        snntorch.Leaky(beta=0.75, threshold=0.25, init_hidden=True),
        nn.Flatten(),
        nn.Linear(8 * 7 * 7, 20),
        snntorch.Leaky(beta=0.9, threshold=0.25, init_hidden=True, output=True),
    )
    with torch.no_grad():
        for parameter in net.parameters():
            # Multiples of 1/64 add up exactly, so that both sides fire the same spikes.
            parameter.copy_((parameter * 256).round() / 64)
    return net.eval()


@pytest.mark.filterwarnings("ignore")
def test_results_equal_neurobenchs_own(network: nn.Sequential, small: BinnedSplit) -> None:
    from neurobench.benchmarks import Benchmark
    from neurobench.metrics.static import ConnectionSparsity
    from neurobench.metrics.workload import ActivationSparsity, ClassificationAccuracy, SynapticOperations
    from neurobench.models import SNNTorchModel
    from torch.utils.data import DataLoader, TensorDataset

    frames, labels = small.evaluation[:20], small.evaluation_labels[:20]
    dataset = TensorDataset(torch.tensor(frames).float(), torch.tensor(labels).long())
    expected = Benchmark(
        SNNTorchModel(network),
        DataLoader(dataset, batch_size=len(frames)),
        [],
        [lambda spikes: torch.tensor(predicted_classes(spikes.detach().numpy(), 10))],
        [[ConnectionSparsity], [ActivationSparsity, SynapticOperations, ClassificationAccuracy]],
    ).run(quiet=True)

    folded = network_of(network, frames.shape[2:])
    result = simulate(folded, frames)
    accuracy = float((predicted_classes(result.output_spikes, 10) == labels).mean())
    found = neurobench_results(folded, result, accuracy)
    assert 0.05 < found["ActivationSparsity"] < 0.95
    assert 0.01 < found["ConnectionSparsity"] < 0.99
    assert found["ClassificationAccuracy"] == pytest.approx(expected["ClassificationAccuracy"], abs=1e-7)
    assert found["ActivationSparsity"] == pytest.approx(expected["ActivationSparsity"], abs=1e-12)
    assert found["ConnectionSparsity"] == expected["ConnectionSparsity"]
    assert found["SynapticOperations"] == pytest.approx(expected["SynapticOperations"], abs=1e-9)
    assert result.synaptic_operations.mean() == found["SynapticOperations"]["Effective_ACs"]


@pytest.mark.parametrize(("kernel", "padding", "stride"), [(3, 5, 1), (3, 0, 2), (5, 4, 2), (1, 0, 1)])
def test_dense_is_what_all_ones_cost(kernel: int, padding: int, stride: int) -> None:
    shape = LayerShape("conv1", "conv", 2, (4, 4), 3, kernel=kernel, stride=stride, padding=padding)
    ones = np.ones((2, kernel, kernel, 3), np.float32)
    layer = Layer(shape, ones, np.zeros(3, np.float32), Neuron("leaky", 1, 0.5, 0.5, "zero"))
    network = Network((layer,))
    operations = neurobench_results(network, simulate(network, np.ones((1, 2, 2, 4, 4), np.uint8)))[
        "SynapticOperations"
    ]
    assert operations["Dense"] == operations["Effective_ACs"] > 0


def test_the_footprint_is_what_hardware_stores() -> None:
    """3 x 3 kernels from 2 to 4 channels, then 4 x 4 x 4 inputs to 10 neurons."""
    choices = TrainingChoices(architecture="4C3-MP2-FC10", input_size=8)
    weights = 2 * 4 * 9 + 64 * 10
    frames = np.zeros((1, 1, 2, 8, 8), np.uint8)
    for bits, stored in ((32, 4 * weights + 4 * 14), (8, weights + 2 * 4 * 14), (4, weights // 2 + 2 * 4 * 14)):
        network = export(SpikingNetwork(choices.model_copy(update={"weight_bits": bits})).eval())
        assert neurobench_results(network, simulate(network, frames))["Footprint"] == stored

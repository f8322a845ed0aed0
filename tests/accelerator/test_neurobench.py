"""The NeuroBench-named metrics equal NeuroBench's own numbers on a shared network."""

from __future__ import annotations

import numpy as np
import pytest
import snntorch
import torch
from torch import nn

from spikecast.accelerator import load_hardware, simulate
from spikecast.events import BinnedSplit


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
def test_sparsity_and_operations_equal_neurobench(network: nn.Sequential, small: BinnedSplit) -> None:
    from neurobench.hooks.layer import LayerHook
    from neurobench.metrics.workload import ActivationSparsity, SynapticOperations
    from neurobench.models import SNNTorchModel

    frames = small.evaluation[:20]
    model = SNNTorchModel(network)
    sparsity, operations = ActivationSparsity(), SynapticOperations()
    model.register_hooks()
    assert all(isinstance(hook, LayerHook) for hook in model.connection_hooks)
    data = (torch.tensor(frames).float(), torch.zeros(len(frames)))
    with torch.no_grad():
        predictions = model(data[0])
        expected_sparsity = sparsity(model, predictions, data)
        expected = operations(model, predictions, data)
    model.cleanup_hooks()

    result = simulate(network, frames, load_hardware("sparse-core"))
    assert np.array_equal(result.output_spikes, predictions.numpy())
    assert 0.05 < result.activation_sparsity < 0.95
    assert result.activation_sparsity == pytest.approx(expected_sparsity, abs=1e-12)
    assert result.synaptic_operations.mean() == pytest.approx(expected["Effective_ACs"], abs=1e-9)
    assert expected["Effective_MACs"] == 0

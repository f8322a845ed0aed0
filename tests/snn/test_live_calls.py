"""Every way in which a live module may be called, and that reading it leaves it alone."""

from __future__ import annotations

import numpy as np
import pytest
import snntorch
import torch
from snntorch import utils
from torch import nn
from torch.nn.utils import parametrizations

from spikecast.accelerator import load_hardware, simulate
from spikecast.accelerator.engine import plan_layer
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.events import BinnedSplit
from spikecast.snn._export import export
from spikecast.snn.live.convert import network_of
from spikecast.snn.network import SpikingNetwork

from .live_networks import Layer, assert_alike, leaky, small_net


def test_one_timestep_is_no_sequence() -> None:
    net = nn.Sequential(nn.Linear(12, 6), leaky())
    frames = (np.random.default_rng(0).random((5, 1, 12)) < 0.5).astype(np.uint8)
    assert simulate(net, frames).output_spikes.shape == (5, 1, 6)


def test_no_timestep_is_refused_before_the_network_is_read() -> None:
    with pytest.raises(InputError, match="hold no sample"):
        simulate(nn.Sequential(nn.Linear(12, 6), leaky()), np.zeros((1, 0, 12)))


def test_another_version_of_snntorch_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snntorch, "__version__", "1.1.0")
    net = nn.Sequential(nn.Linear(12, 6), leaky())
    with pytest.warns(UserWarning, match=r"compared with snnTorch 1\.0\.0, and this is 1\.1\.0"):
        network_of(net, (12,))


class Loop(nn.Module):
    """As in snnTorch's tutorials: states passed by hand, a loop over timesteps inside."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(2, 4, 5, stride=2)
        self.pool = nn.MaxPool2d(2)
        self.lif1 = snntorch.Leaky(beta=0.9, threshold=0.2, reset_mechanism="zero")
        self.conv2 = nn.Conv2d(4, 6, 3, padding=1)
        self.lif2 = snntorch.Synaptic(alpha=0.5, beta=0.8, threshold=0.2)
        self.fc1 = nn.Linear(54, 12)
        self.lif3 = snntorch.RLeaky(beta=0.8, linear_features=12, threshold=0.1)
        self.fc2 = nn.Linear(12, 5)
        self.lif4 = snntorch.Alpha(alpha=0.9, beta=0.8, threshold=0.01)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        mem1 = self.lif1.init_leaky()
        syn2, mem2 = self.lif2.init_synaptic()
        spk3, mem3 = self.lif3.init_rleaky()
        exc4, inh4, mem4 = self.lif4.init_alpha()
        answers = []
        for step in range(frames.size(0)):
            spk1, mem1 = self.lif1(self.conv1(frames[step]), mem1)
            spk2, syn2, mem2 = self.lif2(self.conv2(self.pool(spk1)), syn2, mem2)
            spk3, mem3 = self.lif3(self.fc1(self.pool(spk2).flatten(1)), spk3, mem3)
            spk4, exc4, inh4, mem4 = self.lif4(self.fc2(spk3), exc4, inh4, mem4)
            answers.append(spk4)
        return torch.stack(answers)


class SamplesFirst(Loop):
    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        return super().forward(frames.transpose(0, 1)).transpose(0, 1)


class OneStep(nn.Module):
    """One timestep a call; the neurons keep their state, and a helper clears it."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(2, 3, 3), snntorch.Lapicque(beta=0.6, threshold=0.1, init_hidden=True))
        self.head = nn.Linear(2700, 6)
        self.lif = snntorch.Leaky(beta=0.5, threshold=0.1)

    def forward(self, frame: torch.Tensor) -> torch.Tensor:
        spikes: torch.Tensor = self.lif(self.head(self.features(frame).view(len(frame), -1)))[0]
        return spikes


class ClearsItself(nn.Module):
    """Clears all hidden states with snnTorch's own helper, then loops."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(2048, 9)
        self.lif1 = snntorch.Leaky(beta=0.5, threshold=0.1, init_hidden=True)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        utils.reset(self)
        return torch.stack([self.lif1(self.fc1(frame.flatten(1))) for frame in frames])


def answers_of(module: nn.Module, frames: np.ndarray) -> np.ndarray:
    """[samples, timesteps, outputs], each module called as it wants to be."""
    batch = torch.tensor(frames).float()
    with torch.inference_mode():
        if isinstance(module, SamplesFirst):
            return module(batch).numpy()
        if isinstance(module, (Loop, ClearsItself)):
            return module(batch.transpose(0, 1)).transpose(0, 1).numpy()
        return torch.stack([module(frame) for frame in batch.transpose(0, 1)], 1).numpy()


@pytest.mark.parametrize("make", [Loop, SamplesFirst, OneStep, ClearsItself])
def test_ways_to_call_a_network(make: type[nn.Module], small: BinnedSplit) -> None:
    torch.manual_seed(1)
    module = make().eval()
    result = simulate(module, small.evaluation[:20], load_hardware("sparse-core"), time_first=False)
    expected = answers_of(module, small.evaluation[:20])
    assert expected.mean() > 0.01
    assert (result.output_spikes == expected).mean() > 0.999


def test_flat_frames_and_one_output_tuple(small: BinnedSplit) -> None:
    torch.manual_seed(1)
    net = nn.Sequential(
        nn.Unflatten(1, (2, 32, 32)),
        nn.Conv2d(2, 3, 3, stride=2),
        snntorch.Leaky(beta=0.5, threshold=0.1, init_hidden=True),
        nn.Flatten(),
        nn.Linear(675, 4),
        snntorch.Leaky(beta=0.5, threshold=0.1, init_hidden=True, output=True),
    )
    frames = small.evaluation[:5].reshape(5, 4, -1)
    result = simulate(net, frames, load_hardware("sparse-core"))
    with torch.inference_mode():
        expected = torch.stack([net(frame)[0] for frame in torch.tensor(frames).float().transpose(0, 1)], 1).numpy()
    assert (result.output_spikes == expected).mean() > 0.999
    assert network_of(net[4:], (675,)).layers[0].shape.in_size == (1, 675)


def test_a_spiking_network_is_exported() -> None:
    module = SpikingNetwork(TrainingChoices(architecture="csnn-s", weight_bits=4))
    read, exported = network_of(module, (2, 32, 32)), export(module)
    assert read.shapes == exported.shapes
    assert all(
        np.array_equal(one.weights, other.weights) for one, other in zip(read.layers, exported.layers, strict=True)
    )


def test_the_module_is_left_alone_in_the_middle_of_training() -> None:
    net = small_net(learn_beta=True)
    net(torch.rand(5, 2, 8, 8)).sum().backward()
    assert not net[2].mem.is_leaf
    before = {name: value.detach().clone() for name, value in net.state_dict().items()}
    membrane, neurons, draws = net[2].mem.clone(), list(snntorch.SpikingNeuron.instances), torch.get_rng_state()
    network_of(net, (2, 8, 8))
    assert net.training
    assert torch.equal(net[2].mem, membrane)
    assert snntorch.SpikingNeuron.instances == neurons
    assert torch.equal(torch.get_rng_state(), draws)
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in net.modules())


def test_clearing_itself_does_not_clear_others() -> None:
    other = leaky()
    other(torch.ones(1, 3))
    network_of(ClearsItself(), (2, 32, 32))
    assert other.mem.any()


def test_other_parametrizations_count_with_what_they_compute(small: BinnedSplit) -> None:
    torch.manual_seed(0)
    weight_normed = parametrizations.weight_norm(nn.Linear(2048, 20))
    net = nn.Sequential(
        Layer(nn.Flatten(), weight_normed, leaky()), Layer(parametrizations.spectral_norm(nn.Linear(20, 5)), leaky())
    )
    network = assert_alike(net, small.evaluation[:5])
    assert network.weight_bits == 32
    assert torch.equal(weight_normed.weight.T, torch.tensor(network.layers[0].weights))


def test_an_unused_module_does_not_matter() -> None:
    net = OneStep()
    net.unused = nn.AvgPool2d(2)
    assert len(network_of(net, (2, 32, 32)).layers) == 2


def test_both_kinds_of_one_to_one_weights_fill_the_trace() -> None:
    own = {"V": 0.5, "all_to_all": False, "beta": 0.5, "threshold": 0.1, "init_hidden": True}
    net = nn.Sequential(
        nn.Conv2d(2, 3, 3), snntorch.RLeaky(**own), nn.Flatten(), nn.Linear(108, 4), snntorch.RLeaky(**own)
    )
    network = network_of(net, (2, 8, 8))
    assert [layer.shape.trace_channels for layer in network.layers] == [2 + 3, 3 + 1]
    for layer in network.layers:
        plan = plan_layer(layer)
        assert int(plan.returning.channel.max()) == layer.shape.trace_channels - 1


class FixedSteps(nn.Module):
    """The form of snnTorch's tutorials: the number of timesteps is the module's own."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.steps = steps
        self.fc = nn.Linear(12, 6)
        self.lif = snntorch.Leaky(beta=0.5, threshold=0.25)

    def forward(self, spikes: torch.Tensor) -> torch.Tensor:
        membrane = self.lif.init_leaky()
        fired = []
        for step in range(self.steps):
            out, membrane = self.lif(self.fc(spikes[step]), membrane)
            fired.append(out)
        return torch.stack(fired)


def test_a_module_with_its_own_number_of_timesteps_runs_on_as_many() -> None:
    torch.manual_seed(0)
    network = FixedSteps(7)
    frames = (np.random.default_rng(0).random((5, 7, 12)) < 0.4).astype(np.uint8)
    with torch.no_grad():
        expected = network(torch.tensor(frames).float().transpose(0, 1)).transpose(0, 1).numpy()
    assert expected.any()
    assert np.array_equal(simulate(network, frames, time_first=False).output_spikes, expected)
    with pytest.raises(InputError, match=r"neither with one timestep.*as many timesteps as it gets, here 6$"):
        simulate(network, frames[:, :6])

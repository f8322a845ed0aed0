from __future__ import annotations

import math

import pytest
import snntorch
import torch

from spikecast.errors import InputError
from spikecast.neurons import dynamics, neuron_name


@pytest.mark.parametrize("beta", [0.95, 0.7, 0.36, 0.2])
@pytest.mark.parametrize("name", ["leaky", "lapicque"])
def test_gain_and_leak_are_those_of_snntorch(name: str, beta: float) -> None:
    model = {"leaky": snntorch.Leaky, "lapicque": snntorch.Lapicque}[name](beta=beta, threshold=100.0)
    current, before = torch.tensor([0.3]), torch.tensor([0.7])
    _, gain = model(current, torch.zeros(1))
    _, leak = model(torch.zeros(1), before)
    expected = dynamics(name, beta, 0.9)
    assert gain.item() / 0.3 == pytest.approx(expected.gain, rel=1e-5)
    assert leak.item() / 0.7 == pytest.approx(expected.leak, rel=1e-4)


def test_gain_of_neurons_with_a_second_decay() -> None:
    synaptic = snntorch.Synaptic(alpha=0.8, beta=0.5, threshold=100.0)
    assert synaptic(torch.tensor([0.3]))[-1].item() / 0.3 == pytest.approx(dynamics("synaptic", 0.5, 0.8).gain)
    alpha = snntorch.Alpha(alpha=0.8, beta=0.5, threshold=100.0)
    # Exciting and inhibiting current cancel in the first timestep; one later the difference of their decays is left.
    alpha(torch.tensor([0.3]))
    later = alpha(torch.tensor([0.0]))[-1].item()
    assert later / (0.3 * (0.8 - 0.5)) == pytest.approx(dynamics("alpha", 0.5, 0.8).gain, rel=1e-5)
    with pytest.raises(InputError, match=r"alpha 0\.4 is not above beta 0\.5: an alpha neuron needs alpha > beta"):
        dynamics("alpha", 0.5, 0.4)


def test_unstable_lapicque_is_refused() -> None:
    dynamics("lapicque", math.exp(-2) + 1e-6, 0.9)
    with pytest.raises(InputError, match=r"beta 0\.13 makes a lapicque neuron unstable"):
        dynamics("lapicque", 0.13, 0.9)


def test_alias_and_unknown_name() -> None:
    assert neuron_name("lif") == "leaky"
    with pytest.raises(InputError, match="unknown neuron 'izhikevich'"):
        neuron_name("izhikevich")

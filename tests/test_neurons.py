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
    expected = dynamics(name, beta)
    assert gain.item() / 0.3 == pytest.approx(expected.gain, rel=1e-5)
    assert leak.item() / 0.7 == pytest.approx(expected.leak, rel=1e-4)


def test_unstable_lapicque_is_refused() -> None:
    dynamics("lapicque", math.exp(-2) + 1e-6)
    with pytest.raises(InputError, match=r"beta 0\.13 makes a lapicque neuron unstable"):
        dynamics("lapicque", 0.13)


def test_alias_and_unknown_name() -> None:
    assert neuron_name("lif") == "leaky"
    with pytest.raises(InputError, match="unknown neuron 'izhikevich'"):
        neuron_name("izhikevich")

"""The numbers that stand for a surrogate are those of snnTorch's own backward pass."""

from __future__ import annotations

import math

import pytest
import torch

from spikecast.snn.spike_functions import spike_function
from spikecast.surrogates import ATan, FastSigmoid, SpikeRateEscape, StochasticSpikeOperator, Surrogate

SMOOTH = [FastSigmoid(0.7), FastSigmoid(25), ATan(2), ATan(9.5), SpikeRateEscape(1), SpikeRateEscape(4.5)]


def gradient(surrogate: Surrogate, x: torch.Tensor) -> torch.Tensor:
    x = x.clone().requires_grad_(True)
    spike_function(surrogate)(x).sum().backward()
    assert x.grad is not None
    return x.grad


@pytest.mark.parametrize("surrogate", SMOOTH, ids=str)
def test_numbers_equal_the_gradient_that_trains(surrogate: Surrogate) -> None:
    at_threshold = gradient(surrogate, torch.tensor([1e-9], dtype=torch.float64)).item()
    assert at_threshold == pytest.approx(surrogate.gradient_at_threshold, rel=1e-6)
    peak = gradient(surrogate, torch.tensor([surrogate.centre], dtype=torch.float64)).item()
    for side in (-1, 1):
        x = torch.tensor([surrogate.centre + side * surrogate.half_width], dtype=torch.float64)
        assert gradient(surrogate, x).item() == pytest.approx(peak / 2, rel=1e-6)


@pytest.mark.parametrize("surrogate", SMOOTH, ids=str)
def test_area_is_the_integral(surrogate: Surrogate) -> None:
    # Substituting x = centre + tan(u) turns the whole line into a finite interval.
    u = torch.linspace(-math.pi / 2 + 1e-6, math.pi / 2 - 1e-6, 400_001, dtype=torch.float64)
    values = gradient(surrogate, surrogate.centre + torch.tan(u)) / torch.cos(u) ** 2
    assert torch.trapezoid(values, u).item() == pytest.approx(surrogate.area, rel=1e-3)


def test_stochastic_operator_is_one_above_and_noise_below() -> None:
    surrogate = StochasticSpikeOperator(0.5)
    torch.manual_seed(0)
    below = gradient(surrogate, torch.full((200_000,), -1.0))
    assert below.std().item() == pytest.approx(surrogate.noise, rel=0.01)
    assert below.mean().item() == pytest.approx(0.0, abs=0.002)
    assert gradient(surrogate, torch.tensor([0.1, 5.0])).tolist() == [1.0, 1.0]
    assert surrogate.gradient_at_threshold == 1.0


@pytest.mark.parametrize("surrogate", [*SMOOTH, StochasticSpikeOperator(0.2)], ids=str)
def test_a_spike_needs_more_than_the_threshold(surrogate: Surrogate) -> None:
    assert spike_function(surrogate)(torch.tensor([-1.0, 0.0, 1e-6])).tolist() == [0.0, 0.0, 1.0]

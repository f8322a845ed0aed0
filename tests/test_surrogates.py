"""The numbers that stand for a surrogate are those of snnTorch's own backward pass."""

from __future__ import annotations

import math

import pytest
import torch
from snntorch import surrogate as snntorch_surrogate

from spikecast.snn.neurons import gradient_of, spike_function
from spikecast.surrogates import (
    SURROGATES,
    ATan,
    FastSigmoid,
    LeakySpikeOperator,
    Sigmoid,
    SparseFastSigmoid,
    SpikeRateEscape,
    StochasticSpikeOperator,
    StraightThroughEstimator,
    Surrogate,
    Triangular,
)

SMOOTH = [
    FastSigmoid(0.7),
    FastSigmoid(25),
    ATan(2),
    ATan(9.5),
    SpikeRateEscape(1),
    SpikeRateEscape(4.5),
    Sigmoid(2),
    Sigmoid(25),
]
ALL = [kind(kind.default_slope) for kind in SURROGATES.values()]


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


def test_sparse_fast_sigmoid_begins_one_above_the_threshold() -> None:
    surrogate = SparseFastSigmoid(3)
    x = torch.linspace(1.0, 4000, 8_000_001, dtype=torch.float64)
    values = gradient(surrogate, x)
    assert torch.trapezoid(values, x).item() == pytest.approx(surrogate.area, rel=2e-3)
    peak = gradient(surrogate, torch.tensor([surrogate.centre + 1e-9], dtype=torch.float64)).item()
    half = gradient(surrogate, torch.tensor([surrogate.centre + surrogate.half_width], dtype=torch.float64)).item()
    assert half == pytest.approx(peak / 2, rel=1e-6)
    assert gradient(surrogate, torch.tensor([0.5, -3.0])).tolist() == [0.0, 0.0]


def test_gradients_that_never_fade() -> None:
    x = torch.tensor([-2.0, -1e-6, 1e-6, 2.0])
    assert gradient(StraightThroughEstimator(1), x).tolist() == [1, 1, 1, 1]
    assert gradient(Triangular(0.5), x).tolist() == [0.5, 0.5, -0.5, -0.5]
    assert gradient(LeakySpikeOperator(0.25), x).tolist() == [0.25, 0.25, 1, 1]
    for surrogate in (StraightThroughEstimator(1), Triangular(0.5), LeakySpikeOperator(0.25)):
        assert gradient(surrogate, x)[2].item() == surrogate.gradient_at_threshold
        assert surrogate.area == surrogate.half_width == math.inf


def test_sigmoid_is_snntorchs_where_that_works_and_finite_everywhere() -> None:
    x = torch.linspace(-3, 3, 501)
    leaf = x.clone().requires_grad_(True)
    snntorch_surrogate.sigmoid(slope=25)(leaf).sum().backward()
    assert torch.allclose(gradient(Sigmoid(25), x), leaf.grad, rtol=1e-4, atol=1e-12)  # type: ignore[arg-type]
    far = gradient(Sigmoid(25), torch.tensor([-1e4, -10.0, 10.0, 1e4]))
    assert torch.isfinite(far).all()


@pytest.mark.parametrize("surrogate", ALL, ids=str)
def test_the_gradient_alone_is_that_of_the_step(surrogate: Surrogate) -> None:
    x = torch.linspace(-3, 3, 1001)
    torch.manual_seed(0)
    through_step = gradient(surrogate, x)
    torch.manual_seed(0)
    assert torch.allclose(gradient_of(surrogate)(x), through_step, rtol=1e-5, atol=1e-12)


@pytest.mark.parametrize("surrogate", ALL, ids=str)
def test_a_spike_needs_more_than_the_threshold(surrogate: Surrogate) -> None:
    assert spike_function(surrogate)(torch.tensor([-1.0, 0.0, 1e-6])).tolist() == [0.0, 0.0, 1.0]

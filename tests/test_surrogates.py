"""The numbers that stand for a surrogate are those of snnTorch's own backward pass."""

from __future__ import annotations

import math

import pytest
import torch
from snntorch import surrogate as snntorch_surrogate

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
    Triangular,
)
from spikecast.testing import SurrogateSuite


class TestFastSigmoid(SurrogateSuite):
    kind = FastSigmoid


class TestATan(SurrogateSuite):
    kind = ATan


class TestSpikeRateEscape(SurrogateSuite):
    kind = SpikeRateEscape


class TestStochasticSpikeOperator(SurrogateSuite):
    kind = StochasticSpikeOperator

    def test_it_is_noise_around_zero_below_the_threshold(self) -> None:
        torch.manual_seed(0)
        assert self.gradient(self.kind(0.5), torch.full((200_000,), -1.0)).mean().item() == pytest.approx(0, abs=0.002)
        assert self.gradient(self.kind(0.5), torch.tensor([0.1, 5.0])).tolist() == [1.0, 1.0]


class TestSigmoid(SurrogateSuite):
    kind = Sigmoid

    def test_it_is_snntorchs_where_that_works(self) -> None:
        x = torch.linspace(-3, 3, 501)
        leaf = x.clone().requires_grad_(True)
        snntorch_surrogate.sigmoid(slope=25)(leaf).sum().backward()
        assert torch.allclose(self.gradient(Sigmoid(25), x), leaf.grad, rtol=1e-4, atol=1e-12)


class TestSparseFastSigmoid(SurrogateSuite):
    kind = SparseFastSigmoid

    def test_it_begins_one_above_the_threshold(self) -> None:
        assert self.gradient(self.kind(3), torch.tensor([0.5, -3.0])).tolist() == [0.0, 0.0]


class TestStraightThroughEstimator(SurrogateSuite):
    kind = StraightThroughEstimator

    def test_it_never_fades(self) -> None:
        assert self.gradient(self.kind(1), torch.tensor([-2.0, -1e-6, 1e-6, 2.0])).tolist() == [1, 1, 1, 1]
        assert self.kind(1).area == self.kind(1).half_width == math.inf


class TestTriangular(SurrogateSuite):
    kind = Triangular

    def test_it_never_fades(self) -> None:
        assert self.gradient(self.kind(0.5), torch.tensor([-2.0, -1e-6, 1e-6, 2.0])).tolist() == [0.5, 0.5, -0.5, -0.5]
        assert self.kind(0.5).area == self.kind(0.5).half_width == math.inf


class TestLeakySpikeOperator(SurrogateSuite):
    kind = LeakySpikeOperator

    def test_it_never_fades(self) -> None:
        assert self.gradient(self.kind(0.25), torch.tensor([-2.0, -1e-6, 1e-6, 2.0])).tolist() == [0.25, 0.25, 1, 1]
        assert self.kind(0.25).area == self.kind(0.25).half_width == math.inf


def test_every_surrogate_has_its_suite() -> None:
    assert {suite.kind for suite in globals().values() if hasattr(suite, "kind")} == set(SURROGATES.values())

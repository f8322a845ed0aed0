"""Tests of a surrogate gradient: its numbers against its gradient in torch, that against autograd, its names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar, cast

import pytest
import torch

from spikecast.choices import TrainingChoices
from spikecast.neurons import NEURONS
from spikecast.report.look import SURROGATE_MARKS
from spikecast.snn.network import SpikingNetwork
from spikecast.snn.neurons import gradient_of, spike_function
from spikecast.surrogates import SURROGATES, Surrogate, surrogate_name
from spikecast.testing.networks import TrainedNetworkSuite, assert_fused_as_stepped, few_recordings, first_layer

#: Just above where a gradient may jump.
_ABOVE = 1e-9


class SurrogateSuite(TrainedNetworkSuite):
    """What every surrogate gradient must do.

    ```python
    class TestGaussian(SurrogateSuite):
        kind = Gaussian
    ```

    Attributes:
        kind: the class, one of ``spikecast.surrogates.SURROGATES``.
        slopes: those that are tried; the default alone where the slope changes nothing.
    """

    kind: ClassVar[type[Surrogate]]
    slopes: ClassVar[Sequence[float]] = (0.5, 2.0, 9.5, 25.0)

    def networks(self) -> Sequence[TrainingChoices]:
        """The standard network, trained with the surrogate for an epoch."""
        return [TrainingChoices(surrogate=self.kind.name, beta=0.6, epochs=1)]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Give tests that take ``surrogate`` the kind at each slope."""
        super().pytest_generate_tests(metafunc)
        if "surrogate" in metafunc.fixturenames:
            slopes = self.slopes if self.kind.has_slope else [self.kind.default_slope]
            metafunc.parametrize("surrogate", [self.kind(slope) for slope in slopes], ids=str)

    def gradient(self, surrogate: Surrogate, x: torch.Tensor) -> torch.Tensor:
        """dS/dU at ``x`` = U - threshold, as autograd takes it through the step."""
        leaf = x.clone().requires_grad_(True)
        cast(Any, spike_function(surrogate)(leaf).sum()).backward()
        assert leaf.grad is not None
        return leaf.grad

    def _at(self, surrogate: Surrogate, *x: float) -> list[float]:
        gradients: list[float] = self.gradient(surrogate, torch.tensor(x, dtype=torch.float64)).tolist()
        return gradients

    def test_gradient_at_threshold(self, surrogate: Surrogate) -> None:
        """The number is the gradient just above the threshold."""
        assert self._at(surrogate, _ABOVE) == pytest.approx([surrogate.gradient_at_threshold], rel=1e-6)

    def test_peak_lies_at_the_center(self, surrogate: Surrogate) -> None:
        """No gradient is larger than the one at ``centre``, unless it never fades."""
        if math.isfinite(surrogate.half_width):
            x = torch.linspace(-20, 20, 40_001, dtype=torch.float64)
            assert self.gradient(surrogate, x).max() <= self._at(surrogate, surrogate.centre + _ABOVE)[0] * (1 + 1e-6)

    def test_half_width(self, surrogate: Surrogate) -> None:
        """So far from the peak the gradient is half of it; on one side it may be zero instead."""
        if math.isinf(surrogate.half_width):
            near, far = self._at(surrogate, _ABOVE, 1e6)
            assert near == far
            return
        peak, *sides = self._at(
            surrogate,
            surrogate.centre + _ABOVE,
            surrogate.centre - surrogate.half_width,
            surrogate.centre + surrogate.half_width,
        )
        assert max(sides) == pytest.approx(peak / 2, rel=1e-6)
        assert min(sides) in (0.0, pytest.approx(peak / 2, rel=1e-6))

    def test_area_is_the_integral(self, surrogate: Surrogate) -> None:
        """The area is the integral of the gradient over all x; infinite where the gradient never fades."""
        if math.isinf(surrogate.area):
            assert max(map(abs, self._at(surrogate, -1e6, 1e6))) > 0
            return
        # Substituting x = centre + tan(u) turns the whole line into a finite interval.
        u = torch.linspace(-math.pi / 2 + 1e-6, math.pi / 2 - 1e-6, 400_001, dtype=torch.float64)
        values = self.gradient(surrogate, surrogate.centre + torch.tan(u)) / torch.cos(u) ** 2
        assert torch.trapezoid(values, u).item() == pytest.approx(surrogate.area, rel=1e-3)

    def test_noise_is_the_scatter_of_the_gradient(self, surrogate: Surrogate) -> None:
        """The standard deviation over draws, where it is largest."""
        torch.manual_seed(0)
        scatter = [self.gradient(surrogate, torch.full((200_000,), x)).std().item() for x in (-1.0, 1.0)]
        assert max(scatter) == pytest.approx(surrogate.noise, rel=0.01, abs=1e-6)

    def test_slope_changes_the_gradient(self) -> None:
        """Unless ``has_slope`` is false; then any slope gives one gradient."""
        x = torch.linspace(-3, 3, 1001)
        torch.manual_seed(0)
        first = self.gradient(self.kind(self.kind.default_slope), x)
        torch.manual_seed(0)
        second = self.gradient(self.kind(2 * self.kind.default_slope), x)
        assert torch.equal(first, second) == (not self.kind.has_slope)

    def test_the_gradient_alone_is_that_of_the_step(self, surrogate: Surrogate) -> None:
        """``gradient_of``, which fused loops use, agrees with autograd through ``spike_function``."""
        x = torch.linspace(-3, 3, 1001)
        torch.manual_seed(0)
        through_step = self.gradient(surrogate, x)
        torch.manual_seed(0)
        assert torch.allclose(gradient_of(surrogate)(x), through_step, rtol=1e-5, atol=1e-12)

    def test_the_gradient_is_finite_everywhere(self, surrogate: Surrogate) -> None:
        """Far from the threshold too, where exponentials overflow."""
        assert self.gradient(surrogate, torch.tensor([-1e4, -10.0, 0.0, 10.0, 1e4])).isfinite().all()

    def test_a_spike_needs_more_than_the_threshold(self, surrogate: Surrogate) -> None:
        """The step itself is x > 0."""
        assert spike_function(surrogate)(torch.tensor([-1.0, 0.0, 1e-6])).tolist() == [0.0, 0.0, 1.0]

    @pytest.mark.parametrize("reset", ["subtract", "zero"])
    @pytest.mark.parametrize("neuron", NEURONS)
    def test_fused_loops_have_its_gradient(self, surrogate: Surrogate, neuron: str, reset: str) -> None:
        """Where neurons have a fused loop: spikes, membranes and gradients of snnTorch, in any layout of memory."""
        choices = TrainingChoices(
            surrogate=self.kind.name, slope=surrogate.slope, neuron=neuron, reset=reset, beta=0.6,
            architecture="6C3-MP2-FC10",
        )  # fmt: skip
        if first_layer(choices).fused is None:
            return
        for timesteps in (1, 7):
            maps = torch.randn(timesteps * 3, 6, 9, 9, generator=torch.Generator().manual_seed(0))
            for layout in (torch.contiguous_format, torch.channels_last):
                currents = maps.contiguous(memory_format=layout).unflatten(0, (timesteps, 3))
                # A new layer each time: snnTorch's neurons keep the layout of their last membranes.
                assert_fused_as_stepped(first_layer(choices), currents)

    def test_fused_loops_over_many_blocks(self, surrogate: Surrogate) -> None:
        """More numbers than a block of the compiled loop holds."""
        layer = first_layer(
            TrainingChoices(
                surrogate=self.kind.name, slope=surrogate.slope, beta=0.4, threshold=1.3, architecture="FC10"
            )
        )
        assert_fused_as_stepped(layer, 2 * torch.randn(4, 500, 10, generator=torch.Generator().manual_seed(0)))

    @pytest.mark.parametrize(("neuron", "reset"), [("leaky", "subtract"), ("lapicque", "zero")])
    def test_whole_networks_have_its_gradient(self, neuron: str, reset: str) -> None:
        """Gradients of all weights, with fused loops and with snnTorch's neurons."""
        choices = TrainingChoices(surrogate=self.kind.name, neuron=neuron, reset=reset, beta=0.6, weight_bits=8)
        found = []
        for fused in (True, False):
            torch.manual_seed(0)
            network = SpikingNetwork(choices).train()
            assert network.neuron_engine == "fused"
            if not fused:
                for layer in network.layers:
                    cast(Any, layer).fused = None
                assert network.neuron_engine == "snntorch"
            torch.manual_seed(1)
            cast(Any, network(torch.tensor(few_recordings().train[:8])).square().mean()).backward()
            found.append([cast(torch.Tensor, parameter.grad) for parameter in network.parameters()])
        for ours, stock in zip(*found, strict=True):
            assert torch.allclose(ours, stock, rtol=1e-4, atol=1e-5 * float(stock.abs().max()))

    def test_it_is_registered_under_its_name(self) -> None:
        """In SURROGATES, with aliases that name nothing else."""
        assert SURROGATES[self.kind.name] is self.kind
        assert {surrogate_name(name) for name in (self.kind.name, *self.kind.aliases)} == {self.kind.name}
        others = {name for kind in SURROGATES.values() if kind is not self.kind for name in (kind.name, *kind.aliases)}
        assert not others & {self.kind.name, *self.kind.aliases}

    def test_a_slope_left_out_is_its_default(self) -> None:
        """And that is allowed; another is refused where the slope changes nothing."""
        assert TrainingChoices(surrogate=self.kind.name).slope == self.kind.default_slope

    def test_the_report_has_a_mark_of_its_own(self) -> None:
        """A color and a symbol that no other surrogate has."""
        mark = SURROGATE_MARKS[self.kind.name]
        others = [other for name, other in SURROGATE_MARKS.items() if name != self.kind.name]
        assert mark.color not in {other.color for other in others}
        assert mark.symbol not in {other.symbol for other in others}

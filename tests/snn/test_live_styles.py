"""Modules as people write them: each fires, spike for spike, what it fires when it is run itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import snntorch
import torch
from snntorch import utils
from torch import nn
from torch.nn import functional

from spikecast.accelerator import simulate
from spikecast.errors import InputError

SAMPLES, INPUTS, HIDDEN, OUTPUTS = 6, 20, 10, 5


def by_frame(net: Any, spikes: torch.Tensor) -> torch.Tensor:
    return torch.stack([net(frame) for frame in spikes.transpose(0, 1)], 1)


def with_its_steps(net: Any, spikes: torch.Tensor) -> Any:
    return net(spikes.transpose(0, 1), spikes.shape[1]).transpose(0, 1)


def cell(**options: Any) -> Any:
    return snntorch.Leaky(**{"beta": 0.5, "threshold": 0.5, "init_hidden": True, **options})


def grid(module: nn.Module) -> Any:
    """Weights on a grid of 1/16, whose sums are exact in any order, so that every spike must be equal."""
    torch.manual_seed(3)
    for part in list(module.modules()):
        for weights in part.parameters(recurse=False):
            if weights.dim() > 0:
                weights.data = torch.randint(-8, 9, weights.shape) / 16
    return module


class Looping(nn.Module):
    """Two layers, states passed by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.lif1 = grid(nn.Linear(INPUTS, HIDDEN)), cell(init_hidden=False)
        self.fc2, self.lif2 = grid(nn.Linear(HIDDEN, OUTPUTS)), cell(init_hidden=False)

    def steps(self, frames: Any) -> list[torch.Tensor]:
        mem1, mem2, fired = self.lif1.init_leaky(), self.lif2.init_leaky(), []
        for frame in frames:
            spikes, mem1 = self.lif1(self.fc1(frame), mem1)
            spikes, mem2 = self.lif2(self.fc2(spikes), mem2)
            fired.append(spikes)
        return fired


class BatchFirst(Looping):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.stack(self.steps(x[:, t] for t in range(x.shape[1])), 1)


class TimeLast(Looping):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.stack(self.steps(x[..., t] for t in range(x.shape[-1])), 1)


class TakesItsSteps(Looping):
    def forward(self, x: torch.Tensor, num_steps: int) -> torch.Tensor:
        return torch.stack(self.steps(x[t] for t in range(num_steps)))


class HasItsSteps(Looping):
    def forward(self, x: torch.Tensor, num_steps: int = 25) -> torch.Tensor:
        return torch.stack(self.steps(x[t] for t in range(num_steps)))


class Block(nn.Module):
    """One layer over all timesteps."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.fc, self.lif = grid(nn.Linear(inputs, outputs)), cell()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        utils.reset(self)
        return torch.stack([self.lif(self.fc(frame)) for frame in x])


class PlainLists(nn.Module):
    """Layers that torch does not see, and one that it sees."""

    def __init__(self) -> None:
        super().__init__()
        self.fcs = [grid(nn.Linear(INPUTS, HIDDEN)), grid(nn.Linear(HIDDEN, OUTPUTS))]
        self.rest = {"cells": (cell(), cell()), "drop": nn.Dropout(0.5).eval()}
        self.first = self.fcs[0]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hidden = self.rest["drop"](self.rest["cells"][0](self.first(x)))
        spikes: torch.Tensor = self.rest["cells"][1](self.fcs[1](hidden))
        return spikes


class Constant(nn.Module):
    def forward(self) -> torch.Tensor:
        return torch.ones(1)


class CallsAConstant(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.constant, self.net = Constant(), stack()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.constant()
        spikes: torch.Tensor = self.net(x)
        return spikes


class MultipliesByAConstant(CallsAConstant):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        spikes: torch.Tensor = self.net(x * 2 * self.constant())
        return spikes


class BatchWritten(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = stack()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        spikes: torch.Tensor = self.net(x.view(SAMPLES, -1))
        return spikes


class Named(snntorch.Leaky):
    """A neuron class of one's own, which steps as snnTorch's."""

    def __init__(self, beta: float, **options: Any) -> None:
        super().__init__(beta=beta, threshold=0.5, init_hidden=True, **options)
        self.note = "mine"

    def describe(self) -> str:
        return self.note


class Halves(snntorch.Leaky):
    def forward(self, input_: torch.Tensor, mem: Any = None) -> Any:
        return super().forward(input_ / 2, mem)


class PoolsAsAFunction(nn.Module):
    def __init__(self, pool: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.conv, self.lif1, self.pool = grid(nn.Conv2d(2, 4, 3, padding=1)), cell(), pool
        self.fc, self.lif2 = grid(nn.Linear(4 * 4 * 4, OUTPUTS)), cell()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        spikes: torch.Tensor = self.lif2(self.fc(self.pool(self.lif1(self.conv(x))).flatten(1)))
        return spikes


def stack(*cells: Any) -> Any:
    first, second = cells or (cell(), cell())
    return grid(nn.Sequential(nn.Linear(INPUTS, HIDDEN), first, nn.Linear(HIDDEN, OUTPUTS), second))


#: How each is made, and how it is run on spikes [samples, timesteps, inputs].
STYLES: dict[str, tuple[Callable[[], Any], Callable[[Any, torch.Tensor], Any]]] = {
    "batch first": (BatchFirst, lambda net, spikes: net(spikes)),
    "time last": (TimeLast, lambda net, spikes: net(spikes.movedim(1, -1))),
    "number of timesteps": (TakesItsSteps, with_its_steps),
    "number of timesteps with a default": (HasItsSteps, with_its_steps),
    "layer by layer": (
        lambda: nn.Sequential(Block(INPUTS, HIDDEN), Block(HIDDEN, OUTPUTS)),
        lambda net, spikes: net(spikes.transpose(0, 1)).transpose(0, 1),
    ),
    "plain lists": (PlainLists, by_frame),
    "module without inputs": (CallsAConstant, by_frame),
    "batch size written in": (BatchWritten, by_frame),
    "DataParallel": (lambda: nn.DataParallel(stack()), by_frame),
    "DataParallel inside": (lambda: nn.Sequential(nn.DataParallel(stack()[:2]), stack()[2:]), by_frame),
    "neuron class of one's own": (lambda: stack(Named(0.5), Named(0.5)), by_frame),
}


@pytest.mark.parametrize("timesteps", [1, 2, 3, SAMPLES, 8])
@pytest.mark.parametrize("name", STYLES)
def test_styles(name: str, timesteps: int) -> None:
    make, run = STYLES[name]
    net = make().eval()
    spikes = torch.rand(SAMPLES, timesteps, INPUTS, generator=torch.Generator().manual_seed(0)) < 0.4
    ours = simulate(net, spikes, time_first=False).output_spikes
    for part in snntorch.SpikingNeuron.instances:
        part.reset_mem()
    with torch.no_grad():
        theirs = run(net, spikes.float()).numpy()
    assert theirs.any()
    assert np.array_equal(ours, theirs)


@pytest.mark.parametrize(
    "pool",
    [
        lambda spikes: functional.max_pool2d(spikes, 2),
        lambda spikes: functional.max_pool2d(spikes, kernel_size=(2, 2), stride=2),
        lambda spikes: functional.max_pool2d(input=spikes, kernel_size=2),
        nn.MaxPool2d(2),
    ],
)
def test_max_pools_that_are_functions(pool: Callable[[torch.Tensor], torch.Tensor]) -> None:
    net = PoolsAsAFunction(pool).eval()
    spikes = torch.rand(SAMPLES, 8, 2, 8, 8, generator=torch.Generator().manual_seed(0)) < 0.3
    result = simulate(net, spikes)
    with torch.no_grad():
        theirs = by_frame(net, spikes.float()).numpy()
    assert theirs.any()
    assert np.array_equal(result.output_spikes, theirs)
    assert result.trace.shapes[0].pool == 2


def test_a_compiled_module_is_read_behind_its_wrapper() -> None:
    net = stack()
    spikes = torch.rand(SAMPLES, 4, INPUTS) < 0.4
    compiled = torch.compile(net, backend="eager")
    assert np.array_equal(simulate(compiled, spikes).output_spikes, simulate(net, spikes).output_spikes)
    inside = nn.Sequential(torch.compile(net[:2], backend="eager"), net[2:])
    assert np.array_equal(simulate(inside, spikes).output_spikes, simulate(net, spikes).output_spikes)


def test_reading_leaves_plain_lists_as_they_are() -> None:
    net = PlainLists()
    simulate(net, torch.ones(1, 2, INPUTS))
    assert set(net._modules) == {"first"}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (MultipliesByAConstant, "between the input spikes and Linear net.0 the values change by something that is not"),
        (lambda: stack(Halves(beta=0.5, init_hidden=True), cell()), "Halves 1 is a class of its own that changes how"),
    ],
)
def test_what_changes_values_is_still_refused(make: Callable[[], nn.Module], message: str) -> None:
    with pytest.raises(InputError, match=message):
        simulate(make(), torch.ones(2, 3, INPUTS))


@pytest.mark.parametrize("kind", [snntorch.Leaky, type("Mine", (snntorch.Leaky,), {})])
def test_a_neuron_with_a_patched_step_is_refused(kind: type[snntorch.Leaky]) -> None:
    patched = kind(beta=0.5, init_hidden=True)
    patched.fire = lambda mem: (mem > 0).float()
    with pytest.raises(InputError, match=r"1 is a class of its own that changes|Leaky 1 has hooks, which may change"):
        simulate(stack(patched, cell()), np.ones((1, 2, INPUTS)))


def test_spikes_with_timesteps_first() -> None:
    net = stack()
    spikes = torch.rand(SAMPLES, 4, INPUTS) < 0.4
    ours = simulate(net, spikes.transpose(0, 1), time_first=True).output_spikes
    assert np.array_equal(ours, simulate(net, spikes).output_spikes)


def test_a_module_that_takes_timesteps_first_asks_for_the_order() -> None:
    spikes = torch.rand(SAMPLES, 4, INPUTS) < 0.4
    with pytest.warns(UserWarning, match=r"HasItsSteps takes \[timesteps, samples, ...\].*: say which they are"):
        simulate(HasItsSteps(), spikes)


@pytest.mark.parametrize(
    "change",
    [
        lambda spikes: spikes.clone().requires_grad_(),
        lambda spikes: spikes.bfloat16(),
        lambda spikes: spikes.half(),
        lambda spikes: spikes.double(),
        lambda spikes: spikes.to_sparse(),
        lambda spikes: spikes.bfloat16().to_sparse().requires_grad_(),
    ],
)
def test_spikes_of_any_type(change: Callable[[torch.Tensor], torch.Tensor]) -> None:
    net = stack()
    spikes = (torch.rand(SAMPLES, 4, INPUTS) < 0.4).float()
    assert np.array_equal(simulate(net, change(spikes)).output_spikes, simulate(net, spikes).output_spikes)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda spikes: spikes * 3, "spikes must be 0 or 1: these are counts up to 3; binarize the recordings"),
        (lambda spikes: spikes / 2, "spikes must be 0 or 1: these are real values; encode them"),
        (lambda spikes: spikes - spikes.flip(0), "spikes must be 0 or 1: these are signed; give spikes of -1 as 1 in"),
        (lambda spikes: spikes / 0, "spikes must be 0 or 1, and some are not finite"),
    ],
)
def test_other_inputs_are_named_as_what_they_are(change: Callable[[torch.Tensor], torch.Tensor], message: str) -> None:
    with pytest.raises(InputError, match=message):
        simulate(stack(), change((torch.rand(SAMPLES, 4, INPUTS) < 0.4).float()))


def test_signed_spikes_as_further_channels_fire_the_same() -> None:
    """The way out that the message names."""
    net, random = stack(), torch.Generator().manual_seed(1)
    signed = torch.randint(-1, 2, (SAMPLES, 8, INPUTS), generator=random).float()
    wide = nn.Sequential(nn.Linear(2 * INPUTS, HIDDEN), *net[1:])
    wide[0].weight.data, wide[0].bias = torch.cat([net[0].weight, -net[0].weight], 1).detach(), net[0].bias
    ours = simulate(wide, torch.cat([signed == 1, signed == -1], 2)).output_spikes
    utils.reset(net)
    with torch.no_grad():
        assert np.array_equal(ours, by_frame(net, signed).numpy())


def test_brevitas_layers_are_named_with_the_way_out() -> None:
    quantized = type("QuantLinear", (nn.Linear,), {"quant_weight": lambda self: self.weight})(INPUTS, HIDDEN)
    quantized.weight_quant = nn.Sequential(nn.Identity())
    with pytest.raises(
        InputError, match=r"QuantLinear 0 is Brevitas': put an nn\.Linear there that holds quant_weight"
    ):
        simulate(nn.Sequential(quantized, cell()), np.ones((1, 2, INPUTS)))

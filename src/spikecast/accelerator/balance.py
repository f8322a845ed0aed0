"""Allocation search: the cores per layer with the lowest mean latency within a budget, by the exact law.

In mode layerwise a network's latency is the sum of its layers', and each layer's depends on its own cores alone. So
dynamic programming over the layers finds the best allocation of every budget at once, none left out.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.allocation import most_useful_cores, passes, proportional_sequence, useful_budget
from spikecast.accelerator.hardware import Hardware
from spikecast.accelerator.latency import time_layer
from spikecast.accelerator.trace import Trace
from spikecast.architecture import LayerShape
from spikecast.errors import InputError


@dataclass(frozen=True)
class Balance:
    """The best allocation of a budget, and of every smaller one.

    Attributes:
        cores: cores per layer; may use fewer than the budget where more would not help.
        proportional_cores: what the proportional rule gives each layer.
        budgets: int64[budgets], from one core per layer to the budget asked for, or to what can help.
        curve_cycles: float64[budgets], lowest mean latency within each.
        proportional_curve_cycles: float64[budgets], mean latency by the proportional rule.
        floor_cycles: mean latency with as many cores as can help: what cores cannot pass.
    """

    cores: tuple[int, ...]
    proportional_cores: tuple[int, ...]
    budgets: NDArray[np.int64]
    curve_cycles: NDArray[np.float64]
    proportional_curve_cycles: NDArray[np.float64]
    floor_cycles: float

    @property
    def mean_cycles(self) -> float:
        """Mean latency over the samples with ``cores``."""
        return float(self.curve_cycles[-1])

    @property
    def proportional_cycles(self) -> float:
        """Mean latency over the samples with ``proportional_cores``."""
        return float(self.proportional_curve_cycles[-1])


@dataclass(frozen=True)
class _Options:
    """Numbers of cores that make a difference to a layer, and its total cycles over all samples with each."""

    cores: NDArray[np.int64]
    cycles: NDArray[np.int64]


def balance_cores(trace: Trace, budget: int, hardware: Hardware) -> Balance:
    """Find the allocation of ``budget`` cores with the lowest mean latency.

    Args:
        trace: spikes of the samples to be fast on.
        budget: cores in all; what is more than can help counts as just enough.
        hardware: everything but the cores.

    Raises:
        InputError: fewer cores than layers, or hardware without cores.
    """
    if hardware.mode != "layerwise":
        raise InputError(f"hardware {hardware.name} has mode {hardware.mode}: only layerwise hardware has cores")
    budget = useful_budget(trace.shapes, budget)
    options = [_options(*layer, hardware) for layer in zip(trace.shapes, trace.counts, strict=True)]
    lowest, choices = _search(options, budget)
    fewest = len(options)
    by_rule = list(itertools.islice(proportional_sequence(trace), budget - fewest + 1))
    return Balance(
        cores=_traced_back(options, choices, budget),
        proportional_cores=by_rule[-1],
        budgets=np.arange(fewest, budget + 1),
        curve_cycles=lowest[fewest:] / trace.samples,
        proportional_curve_cycles=np.array([_total(options, cores) for cores in by_rule]) / trace.samples,
        floor_cycles=float(sum(layer.cycles[-1] for layer in options) / trace.samples),
    )


def _total(options: list[_Options], cores: tuple[int, ...]) -> int:
    """Total cycles of an allocation; cores that make no difference count as the fewest that do as well."""
    at = (layer.cores.searchsorted(c, side="right") - 1 for layer, c in zip(options, cores, strict=True))
    return int(sum(layer.cycles[option] for layer, option in zip(options, at, strict=True)))


def _options(shape: LayerShape, counts: NDArray[np.int64], hardware: Hardware) -> _Options:
    """The fewest cores for every number of passes."""
    most = most_useful_cores(shape)
    # np.unique gives the first, so the fewest cores that reach a number of passes.
    cores = np.sort(np.unique(passes(shape, np.arange(1, most + 1)), return_index=True)[1] + 1)
    cycles = [int(time_layer(shape, counts, int(c), hardware)[0].sum()) for c in cores]
    return _Options(cores, np.array(cycles, np.int64))


def _search(options: list[_Options], budget: int) -> tuple[NDArray[np.float64], list[NDArray[np.int64]]]:
    """Lowest total cycles within every budget 0..``budget``, and per layer the option taken within each."""
    lowest = np.zeros(budget + 1)
    choices = []
    for layer in options:
        totals = np.full((len(layer.cores), budget + 1), np.inf)
        for option, (cores, cycles) in enumerate(zip(layer.cores, layer.cycles, strict=True)):
            if cores <= budget:
                totals[option, cores:] = lowest[: budget + 1 - cores] + cycles
        choices.append(totals.argmin(axis=0))
        lowest = totals.min(axis=0)
    return lowest, choices


def _traced_back(options: list[_Options], choices: list[NDArray[np.int64]], budget: int) -> tuple[int, ...]:
    cores: list[int] = []
    for layer, choice in zip(reversed(options), reversed(choices), strict=True):
        cores.append(int(layer.cores[choice[budget]]))
        budget -= cores[-1]
    return tuple(reversed(cores))

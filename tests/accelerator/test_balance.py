"""Allocation search: best of all, by brute force where that is possible."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from spikecast.accelerator import Trace, balance_cores, load_hardware, time_trace
from spikecast.accelerator.allocation import most_useful_cores
from spikecast.architecture import layer_shapes
from spikecast.errors import InputError

from .networks import random_trace, traces

HARDWARE = load_hardware("sparse-core")


def mean_cycles(trace: Trace, cores: tuple[int, ...]) -> float:
    return float(time_trace(trace, HARDWARE.model_copy(update={"cores": cores})).cycles.mean())


@settings(max_examples=30)
@given(traces, st.integers(0, 14))
def test_no_allocation_is_better(trace: Trace, more: int) -> None:
    budget = len(trace.shapes) + more
    found = balance_cores(trace, budget, HARDWARE)
    choices = [range(1, most_useful_cores(shape) + 1) for shape in trace.shapes]
    best = min(mean_cycles(trace, cores) for cores in itertools.product(*choices) if sum(cores) <= budget)
    assert sum(found.cores) <= budget
    assert found.mean_cycles == pytest.approx(best)
    assert mean_cycles(trace, found.cores) == pytest.approx(found.mean_cycles)


@settings(max_examples=50)
@given(traces, st.integers(0, 60))
def test_never_worse_than_the_proportional_rule(trace: Trace, more: int) -> None:
    found = balance_cores(trace, len(trace.shapes) + more, HARDWARE)
    assert found.mean_cycles <= found.proportional_cycles
    assert mean_cycles(trace, found.proportional_cores) == pytest.approx(found.proportional_cycles)


@settings(max_examples=30)
@given(traces)
def test_the_curve_falls_to_the_floor(trace: Trace) -> None:
    enough = sum(most_useful_cores(shape) for shape in trace.shapes)
    found = balance_cores(trace, enough + 10**9, HARDWARE)
    # Cores that cannot help are not counted, however many are given.
    assert found.budgets.tolist() == list(range(len(trace.shapes), enough + 1))
    assert (np.diff(found.curve_cycles) <= 0).all()
    assert found.curve_cycles[0] == pytest.approx(mean_cycles(trace, (1,) * len(trace.shapes)))
    assert found.curve_cycles[-1] == pytest.approx(found.floor_cycles)
    assert found.mean_cycles == pytest.approx(found.floor_cycles)


def test_what_cannot_be_balanced_is_refused() -> None:
    trace = random_trace(layer_shapes("FC9-FC4-FC3", 2, 8), 1, 1, 0.3, seed=0)
    with pytest.raises(InputError, match="2 cores are not enough for 3 layers"):
        balance_cores(trace, 2, HARDWARE)
    with pytest.raises(InputError, match="fc-pipeline has mode pipeline: only layerwise hardware has cores"):
        balance_cores(trace, 9, load_hardware("fc-pipeline"))

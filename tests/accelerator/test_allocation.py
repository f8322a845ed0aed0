"""Cores per layer: lists, full, and the proportional rule."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from spikecast.accelerator import Hardware, Trace, load_hardware
from spikecast.accelerator.allocation import allocate, most_useful_cores, proportional_cores, work_of
from spikecast.architecture import layer_shapes
from spikecast.errors import InputError

from .networks import random_trace, traces

VGG9 = random_trace(layer_shapes("vgg9", 2, 32), 1, 1, 0.1, seed=0)
SMALL = random_trace(layer_shapes("csnn-s", 2, 32), 2, 4, 0.1, seed=0)


def with_cores(cores: Any) -> Hardware:
    return Hardware(**load_hardware("sparse-core").model_dump(exclude={"cores"}), cores=cores)


def test_what_a_description_says_is_what_layers_get() -> None:
    assert allocate(SMALL, load_hardware("sparse-core")) == (16, 32, 50, 50)
    assert allocate(SMALL, load_hardware("pulse-small")) == (32, 16, 8, 8)
    assert allocate(VGG9, load_hardware("sparse-core-vgg9")) == (64, 28, 48, 54, 120, 126, 140, 56, 50)
    assert allocate(SMALL, with_cores("full")) == (16, 32, 128, 100)
    assert allocate(SMALL, with_cores(3)) == (3, 3, 3, 3)
    assert allocate(SMALL, with_cores({"conv": 5, "fc": [6, 7]})) == (5, 5, 6, 7)
    assert sum(allocate(SMALL, with_cores({"balanced": 60}))) == 60


@pytest.mark.parametrize(
    ("cores", "said"),
    [
        ([1, 2], "hardware sparse-core lists 2 layers (1, 2), the network has 4 (conv1, conv2, fc1, fc2)"),
        ({"conv": [1], "fc": 2}, "lists 1 conv layers (1), the network has 2 (conv1, conv2): use a list that fits"),
        ({"balanced": 3}, "3 cores are not enough for 4 layers: give at least one to each"),
    ],
)
def test_lists_that_do_not_fit_are_refused(cores: Any, said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        allocate(SMALL, with_cores(cores))


@given(traces, st.integers(0, 60))
def test_the_proportional_rule_spends_its_budget_on_what_helps(trace: Trace, more: int) -> None:
    budget = len(trace.shapes) + more
    cores = proportional_cores(trace, budget)
    most = [most_useful_cores(shape) for shape in trace.shapes]
    assert sum(cores) == min(budget, sum(most))
    assert all(1 <= c <= m for c, m in zip(cores, most, strict=True))


def test_shares_are_in_proportion_to_work() -> None:
    work = np.array(work_of(SMALL))
    spikes = [counts.sum(axis=(1, 2)).mean() for counts in SMALL.counts]
    assert work == pytest.approx([spikes[0] * 9 * 16, spikes[1] * 9 * 32, spikes[2] * 128, spikes[3] * 100])
    cores = np.array(proportional_cores(SMALL, 40))
    inside = (cores > 1) & (cores < [most_useful_cores(shape) for shape in SMALL.shapes])
    assert inside.sum() >= 2
    # No layer's cores have more to do than another's would have with one core less.
    assert (work / cores)[inside].max() <= (work[inside] / (cores[inside] - 1)).min()

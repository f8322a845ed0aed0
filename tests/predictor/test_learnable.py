"""A network is learned from only if each kind of its layers was measured in several configurations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spikecast.choices import TrainingChoices
from spikecast.predictor.fit.learned_rows import learnable
from spikecast.predictor.questions import Questions

#: Roles of layers: first and output; these and dense; these and convolution; output alone.
SHALLOW, DENSE, DEEP, FLAT = "8C3-FC20", "8C3-FC40-FC20", "8C3-8C3-FC20", "FC20"


def learned(
    architectures: Sequence[str], failed: Sequence[int] = (), groups: Sequence[str] | None = None
) -> list[bool]:
    questions = Questions.of([TrainingChoices(architecture=architecture) for architecture in architectures])
    ok = np.isin(np.arange(len(architectures)), failed, invert=True)
    names = np.array(groups if groups is not None else [str(number) for number in range(len(architectures))])
    return learnable(questions, ok, names).tolist()


def test_a_kind_of_layer_of_one_configuration_is_left_out() -> None:
    assert learned([SHALLOW, SHALLOW, DENSE]) == [True, True, False]
    assert learned([SHALLOW, SHALLOW, DENSE, DENSE]) == [True] * 4


def test_seeds_of_one_configuration_count_once() -> None:
    assert learned([SHALLOW, SHALLOW, DENSE, DENSE], groups=["a", "b", "c", "c"]) == [True, True, False, False]


def test_only_networks_that_trained_count_but_the_others_are_kept() -> None:
    assert learned([SHALLOW, SHALLOW, DENSE, DENSE], failed=[3]) == [True, True, False, False]
    assert learned([SHALLOW, SHALLOW, DENSE, DENSE, DENSE], failed=[4]) == [True] * 5


def test_leaving_one_out_may_leave_out_another() -> None:
    # Without the deep network, whose convolution is alone, one shallow network is the only one with a first layer.
    assert learned([FLAT, FLAT, SHALLOW, DEEP]) == [True, True, False, False]
